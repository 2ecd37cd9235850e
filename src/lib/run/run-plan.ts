import { valueAt } from '#core/config/document.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import type { RunPlan } from './run-axis.ts';
import type { RunSession } from './run-session.svelte.ts';

/** What a run's page knows of its course: of the configuration before the trainer tells, and of what it has told. */
export function runPlan(session: RunSession): RunPlan {
  const { epochs, steps, detail } = session;
  const numberAt = (...path: readonly string[]) => {
    const value = valueAt(detail.config, path);
    return typeof value === 'number' ? value : null;
  };
  const batchSize = numberAt('train', 'batch_size');
  const samples = session.report?.dataset.samples.train;
  const startedAt = session.startedAt === null ? null : Date.parse(session.startedAt);
  return {
    epochs: epochs ?? numberAt('train', 'epochs') ?? 1,
    steps,
    // Fewer samples than a batch are one batch.
    batch: batchSize === null || samples === undefined ? null : Math.min(batchSize, samples),
    startedAt,
    // Expected anew with every event: who does not ask is not told.
    get endsAt() {
      return endOf(session);
    },
  };
}

function endOf(session: RunSession): number | null {
  if (isSettled(session.status) && session.finishedAt !== null) return Date.parse(session.finishedAt);
  const { time } = session.feed.metric('train.loss');
  const left = session.progress && session.stalledSince === null ? fromEventNumber(session.progress.etaSeconds) : NaN;
  const now = time[time.length - 1];
  return now === undefined ? null : now + (Number.isFinite(left) ? 1000 * left : 0);
}
