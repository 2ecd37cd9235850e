import { z } from 'zod';
import { assertNever } from '#core/error.ts';
import { epochValuesAt, epochValuesSchema, noteEpochValues } from './epoch-values.ts';
import { evaluationSchema } from './evaluation.ts';
import { type DeliveredEvent, eventNumber } from './event.ts';
import { interruptionSchema } from './interruption.ts';
import { memoryReport } from './memory-report.ts';
import { resultFindings } from './result.ts';
import { hasEnded, isFinal, runStateSchema } from './state.ts';

const numbers = z.record(z.string(), eventNumber);

/** Grows with what reduceRun makes of the same events: a stored view of less is folded anew. */
export const viewVersion = 2;

/** What a run's events say so far. Plain JSON: the index stores it, the browser shows it. */
export const runViewSchema = z.object({
  version: z.int().default(1),
  status: runStateSchema,
  /** Why it failed, was cancelled or interrupted; null where the newest status gave none. */
  reason: z.string().nullable(),
  /** Why it is interrupted; null in every other state, and where that is not known. */
  cause: interruptionSchema.nullable().default(null),
  engine: z.object({ name: z.string(), device: z.string() }).nullable(),
  /** Highest attempt seen, from 1; 0 before the first start. */
  attempt: z.int(),
  progress: z
    .object({
      epoch: z.int(),
      epochs: z.int(),
      step: z.int(),
      steps: z.int(),
      samplesPerSecond: eventNumber,
      etaSeconds: eventNumber,
    })
    .nullable(),
  metrics: z.object({
    /** Newest value of each metric, and `test.*` of the result. */
    latest: numbers,
    /** Values of the step of checkpoint `best`, and `val.*` and `test.*` of the results, which are of that checkpoint. */
    best: numbers,
  }),
  /** Step and attempt of checkpoint `best`. Its metrics may stand before it in the log or behind it. */
  bestAt: z.object({ step: z.int(), attempt: z.int() }).nullable(),
  /** What `metrics.best` is found in while the run goes on; empty after it, and in views stored by older versions. */
  epochs: epochValuesSchema.default([]),
  /** Newest checkpoint of each name. */
  checkpoints: z.record(
    z.string(),
    z.object({
      name: z.string(),
      step: z.int(),
      epoch: z.int(),
      metric: z.string(),
      value: eventNumber,
      bytes: z.int(),
      sha256: z.string(),
      at: z.string(),
    }),
  ),
  results: z.record(
    z.string(),
    z.object({
      metrics: numbers,
      baselines: z.record(z.string(), numbers),
      ...resultFindings,
    }),
  ),
  /** The rows it is scored on; null before they are known, and for ever in runs of older versions. */
  evaluation: evaluationSchema.nullable().default(null),
  /** Whether the test was scored and its result was withheld. */
  isTestSealed: z.boolean().default(false),
  /** Estimated and measured memory; null before the end of the first epoch, and in views stored by older versions. */
  memory: memoryReport.nullable().default(null),
  /** Lasting problems of the newest attempt that need a person, oldest first. */
  alerts: z.array(z.object({ at: z.string(), message: z.string() })).default([]),
  queuedAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  lastSeq: z.int(),
});
export type RunView = z.infer<typeof runViewSchema>;
/** The result of one split. */
export type RunResult = RunView['results'][string];

/** The view of a run without events. */
export function emptyRunView(): RunView {
  return {
    version: viewVersion,
    status: 'queued',
    reason: null,
    cause: null,
    engine: null,
    attempt: 0,
    progress: null,
    metrics: { latest: {}, best: {} },
    bestAt: null,
    epochs: [],
    checkpoints: {},
    results: {},
    evaluation: null,
    isTestSealed: false,
    memory: null,
    alerts: [],
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
    lastSeq: 0,
  };
}

/**
 * The view after one more event; the same function folds events in the browser and in the sidecar. An event that was
 * folded already (its seq is not above the view's) changes nothing, so a replay is harmless.
 *
 * @example
 * const head = { at: '2026-11-30T09:00:00.000Z', attempt: 1 };
 * const event: DeliveredEvent = { seq: 1, ...head, type: 'status', state: 'running', engine: 'wasm', device: 'WASM' };
 * reduceRun(emptyRunView(), event).status; // 'running'
 */
export function reduceRun(view: RunView, event: DeliveredEvent): RunView {
  if (event.seq <= view.lastSeq) return view;
  // A new attempt is a new process: what went wrong in the one before has ended with it.
  const alerts = event.attempt > view.attempt ? [] : view.alerts;
  const next = { ...view, alerts, lastSeq: event.seq, attempt: Math.max(view.attempt, event.attempt) };
  switch (event.type) {
    case 'status': {
      const ended = hasEnded(event.state);
      const engine =
        event.engine === undefined ? view.engine : { name: event.engine, device: event.device ?? 'unknown device' };
      return {
        ...next,
        status: event.state,
        reason: event.reason ?? null,
        cause: event.cause ?? null,
        engine,
        evaluation: event.evaluation ?? view.evaluation,
        queuedAt: event.state === 'queued' ? event.at : view.queuedAt,
        startedAt: view.startedAt ?? (event.state === 'starting' || event.state === 'running' ? event.at : null),
        finishedAt: ended ? event.at : null,
        epochs: isFinal(event.state) ? [] : view.epochs,
      };
    }
    case 'progress': {
      const { epoch, epochs, step, steps, samplesPerSecond, etaSeconds } = event;
      return { ...next, progress: { epoch, epochs, step, steps, samplesPerSecond, etaSeconds } };
    }
    case 'metric': {
      const { bestAt } = view;
      const epochs = noteEpochValues(view.epochs, event, bestAt);
      const latest = { ...view.metrics.latest, ...event.values };
      const ofBest = bestAt?.step === event.step && epochs !== view.epochs;
      const best = ofBest ? { ...view.metrics.best, ...epochValuesAt(epochs, bestAt) } : view.metrics.best;
      return { ...next, epochs, metrics: { latest, best } };
    }
    case 'checkpoint': {
      const { name, step, epoch, metric, value, bytes, sha256, at } = event;
      const checkpoints = { ...view.checkpoints, [name]: { name, step, epoch, metric, value, bytes, sha256, at } };
      if (name !== 'best') return { ...next, checkpoints };
      const bestAt = { step, attempt: event.attempt };
      return {
        ...next,
        checkpoints,
        bestAt,
        metrics: { latest: view.metrics.latest, best: event.values ?? epochValuesAt(view.epochs, bestAt) },
      };
    }
    case 'result': {
      if ('sealed' in event) return { ...next, isTestSealed: true };
      const { split, metrics, baselines, checks, edge, confusion, reliability } = event;
      const result = { metrics, baselines, checks, edge, confusion, reliability };
      if (split === 'test') return withTest(next, result);
      const named = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`val.${name}`, value]));
      return {
        ...next,
        results: { ...view.results, [split]: result },
        metrics: { latest: view.metrics.latest, best: { ...view.metrics.best, ...named } },
      };
    }
    case 'log':
      return event.alert === true ? { ...next, alerts: [...alerts, { at: event.at, message: event.message }] } : next;
    case 'system':
      return event.memory === undefined ? next : { ...next, memory: event.memory };
    default:
      return assertNever(event);
  }
}

/** The view of a run with the result of its test: what an opening adds that was withheld before. */
export function withTest(view: RunView, result: RunResult): RunView {
  const named = Object.fromEntries(Object.entries(result.metrics).map(([name, value]) => [`test.${name}`, value]));
  return {
    ...view,
    isTestSealed: false,
    results: { ...view.results, test: result },
    metrics: {
      latest: { ...view.metrics.latest, ...named },
      best: { ...view.metrics.best, ...named },
    },
  };
}

/** The view without what the test says, as it is shown while that is sealed. */
export function withoutTest(view: RunView): RunView {
  const { test, ...results } = view.results;
  const kept = (values: RunView['metrics']['best']) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !isOfTest(name)));
  return {
    ...view,
    isTestSealed: test !== undefined,
    results,
    metrics: { latest: kept(view.metrics.latest), best: kept(view.metrics.best) },
  };
}

/** Whether a metric is measured on test rows. */
export function isOfTest(metric: string): boolean {
  return metric.startsWith('test.');
}
