import { type EventNumber, type EventOf, fromEventNumber } from '#core/run/event.ts';

type SystemEvent = EventOf<'system'>;

/** What is read, each a column: percent of one core, bytes, counts, percent, bytes, degrees Celsius, watts. */
const readers = {
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
export type SystemKey = keyof typeof readers;

/** Where a reading is drawn: at its step, at its part of an epoch, or at its time (ms UTC). */
export type SystemAxis = 'epoch' | 'step' | 'time';

interface SystemColumn {
  /** Ascending. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Readings of the trainer's machine. After a resume steps repeat: of one step those of the highest attempt count, as with
 * metrics.
 */
export class SystemSeries {
  #events: SystemEvent[] = [];
  #note: string | null = null;
  #latest: SystemEvent | null = null;
  /** That of the newest reading with a step. */
  #attempt = 0;

  /** The newest reading. */
  get latest(): SystemEvent | null {
    return this.#latest;
  }
  /** What of the GPU cannot be read, in a sentence, as it was last told. */
  get gpuNote(): string | null {
    return this.#note;
  }
  /** Whether any reading was taken while training and knows its step; those of older runs know only their time. */
  get hasSteps(): boolean {
    return this.#events.some(({ step }) => step !== undefined);
  }

  add(event: SystemEvent): void {
    const { step, attempt } = event;
    // Only the first reading with a step of a new attempt can go back behind those of the last one.
    if (step !== undefined && attempt !== this.#attempt) {
      this.#attempt = attempt;
      this.#events = this.#events.filter((old) => old.step === undefined || old.step < step);
    }
    this.#latest = event;
    this.#note = event.gpuNote ?? this.#note;
    this.#events.push(event);
  }

  /** A column by an axis; where that is not time, without the readings from before and after training. Empty where never read. */
  column(key: SystemKey, axis: SystemAxis, stepsPerEpoch = 1): SystemColumn {
    const x: number[] = [];
    const y: number[] = [];
    for (const event of this.#events) {
      const value = readers[key](event);
      if (value === undefined || (axis !== 'time' && event.step === undefined)) continue;
      x.push(axis === 'time' ? Date.parse(event.at) : (event.step ?? 0) / (axis === 'epoch' ? stepsPerEpoch : 1));
      y.push(fromEventNumber(value));
    }
    return { x: Float64Array.from(x), y: Float64Array.from(y) };
  }
}
