import { z } from 'zod';
import { evaluationSchema } from './evaluation.ts';
import { interruptionSchema } from './interruption.ts';
import { memoryReport } from './memory-report.ts';
import { resultFindings } from './result.ts';
import { runStateSchema } from './state.ts';

/**
 * Events of a run, as they stand in `events.jsonl` and travel over SSE and WebSocket (FORMATS.md#events).
 * JSON has no NaN or Infinity, so a non-finite number is one of the strings "NaN", "Infinity", "-Infinity".
 */
export const eventNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type EventNumber = z.infer<typeof eventNumber>;

/** Longest line of events.jsonl, line feed included: no longer one is written, and readers skip and count it. */
export const maxEventBytes = 1_000_000;

/** Number to its event form. */
export function toEventNumber(value: number): EventNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Event form back to a number. */
export function fromEventNumber(value: EventNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

const head = {
  /** From 1, without gaps, one sequence for all attempts of a run. */
  seq: z.int().min(1),
  /** ISO time, for display only; order is that of seq. */
  at: z.string(),
  attempt: z.int().min(0),
};

const numbers = z.record(z.string(), eventNumber);

/**
 * Readings that the device exposes, in percent, bytes, degrees Celsius and watts; what it does not expose is left out.
 */
const gpuReading = z.object({
  util: eventNumber.optional(),
  memUsed: eventNumber.optional(),
  memTotal: eventNumber.optional(),
  temperature: eventNumber.optional(),
  power: eventNumber.optional(),
});

/** How much a line of the log matters, least first. */
export const logLevelSchema = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** A reading of the trainer's machine. */
export const systemEventSchema = z.object({
  ...head,
  type: z.literal('system'),
  /** Optimizer steps taken; absent before training and after it. */
  step: z.int().optional(),
  /** Percent of one core used by the trainer process since the last reading. */
  cpu: eventNumber,
  /** Resident bytes of the trainer process. */
  rss: z.number(),
  gpu: gpuReading.optional(),
  /** Which readings of the GPU are missing and why, in a sentence; sent when it changes. */
  gpuNote: z.string().optional(),
  tensors: z.int(),
  tensorBytes: z.number(),
  /** Bytes that the engine has allocated on its device, where it reports that. */
  deviceBytes: z.number().optional(),
  /** With the readings after the first epoch and at the end. */
  memory: memoryReport.optional(),
});

export const eventSchema = z
  .discriminatedUnion('type', [
    z.object({
      ...head,
      type: z.literal('status'),
      state: runStateSchema,
      reason: z.string().optional(),
      /** With `interrupted`; absent in runs of older versions, and where the files contradict each other. */
      cause: interruptionSchema.optional(),
      /** With `running`: the engine that trains and its device in words. */
      engine: z.string().optional(),
      device: z.string().optional(),
      /** With `running`: the rows that the run is scored on; absent in runs of older versions. */
      evaluation: evaluationSchema.optional(),
    }),
    z.object({
      ...head,
      type: z.literal('progress'),
      epoch: z.int(),
      epochs: z.int(),
      step: z.int(),
      steps: z.int(),
      samplesPerSecond: eventNumber,
      etaSeconds: eventNumber,
    }),
    z.object({ ...head, type: z.literal('metric'), step: z.int(), epoch: eventNumber, values: numbers }),
    z.object({
      ...head,
      type: z.literal('log'),
      level: logLevelSchema,
      message: z.string(),
      /** A lasting problem that needs a person: the page shows it at the head of the run, not only in its log. */
      alert: z.boolean().optional(),
    }),
    z.object({
      ...head,
      type: z.literal('checkpoint'),
      name: z.string(),
      step: z.int(),
      epoch: z.int(),
      metric: z.string(),
      value: eventNumber,
      /** Sum of the sizes of the folder's files. */
      bytes: z.int(),
      /** sha256 of the folder's manifest.json, which holds that of every file. */
      sha256: z.string(),
      /** With `best`: what was measured at the end of its epoch, which may lie far back in the log. */
      values: numbers.optional(),
    }),
    systemEventSchema,
    z.object({
      ...head,
      type: z.literal('result'),
      split: z.enum(['validation', 'test']),
      /** Metric name without the split, e.g. `da`, `ret.rmse`. */
      metrics: numbers,
      /** Same rows, naive forecasts: {"majority": {"da": 0.51}, "zero": {"rmse": 0.01}}. */
      baselines: z.record(z.string(), numbers),
      ...resultFindings,
    }),
  ])
  .meta({ ref: 'RunEvent', description: 'A line of events.jsonl, a frame of the stream' });

/** What is delivered in place of the result of the test split while it is sealed. */
const sealedResultSchema = z
  .object({ ...head, type: z.literal('result'), split: z.literal('test'), sealed: z.literal(true) })
  .meta({ ref: 'SealedResult', description: 'The test was scored; its result is in the envelope' });
export type SealedResult = z.infer<typeof sealedResultSchema>;

/** What a stream delivers: the events of the log, but for a sealed result. */
export const deliveredEventSchema = z
  .union([eventSchema, sealedResultSchema])
  .meta({ ref: 'DeliveredEvent', description: 'An event as a stream delivers it' });
export type DeliveredEvent = z.infer<typeof deliveredEventSchema>;

export type RunEvent = z.infer<typeof eventSchema>;
type RunEventType = RunEvent['type'];
export type EventOf<Type extends RunEventType> = Extract<RunEvent, { type: Type }>;
type WithoutHead<E> = E extends unknown ? Omit<E, 'seq' | 'at' | 'attempt'> : never;
/** What the writer is given; seq, at and attempt are added by the log. */
export type EventBody = WithoutHead<RunEvent>;
