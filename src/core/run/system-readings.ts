import { type EventNumber, type EventOf, fromEventNumber } from './event.ts';

type SystemEvent = EventOf<'system'>;

/** What is read of the trainer's machine: percent of one core, bytes, counts, percent, bytes, degrees Celsius, watts. */
export const systemReadings = {
  cpu: ({ cpu }: SystemEvent) => cpu,
  rss: ({ rss }: SystemEvent) => rss,
  tensors: ({ tensors }: SystemEvent) => tensors,
  tensorBytes: ({ tensorBytes }: SystemEvent) => tensorBytes,
  deviceBytes: ({ deviceBytes }: SystemEvent) => deviceBytes,
  gpuUtil: ({ gpu }: SystemEvent) => gpu?.util,
  gpuMemory: ({ gpu }: SystemEvent) => gpu?.memUsed,
  gpuTemperature: ({ gpu }: SystemEvent) => gpu?.temperature,
  gpuPower: ({ gpu }: SystemEvent) => gpu?.power,
} as const satisfies Readonly<Record<string, (event: SystemEvent) => EventNumber | undefined>>;
export type SystemKey = keyof typeof systemReadings;

/** How readings are thinned: along the log, and of each kind the extremes stay. */
export const systemThinning = {
  at: ({ seq }: SystemEvent) => seq,
  readings: Object.values(systemReadings).map((read) => (event: SystemEvent) => {
    const value = read(event);
    return value === undefined ? undefined : fromEventNumber(value);
  }),
};
