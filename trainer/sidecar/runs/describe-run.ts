import { lossText } from '#core/config/loss-text.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { looksAt } from './envelope.ts';
import { shownView, testStateOf } from './seal.ts';
import type { Standing } from './standing.ts';

export function toSummary(run: StoredRun, { queue, opened, shareRead, stalledSince }: Standing): RunSummary {
  const view = shownView(run);
  const position = queue.indexOf(run.id);
  const stalled = view.status === 'running' ? stalledSince(run.id) : null;
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    status: view.status,
    reason: view.reason,
    notebook: run.notebook,
    parent: run.parent,
    changed: run.changed,
    tags: run.tags,
    starred: run.starred,
    archived: run.archived,
    conclusion: run.conclusion,
    attempt: view.attempt,
    createdAt: run.createdAt,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    engine: view.engine,
    // How long it still takes is not known of one that stands still.
    progress: stalled === null || view.progress === null ? view.progress : { ...view.progress, etaSeconds: 'NaN' },
    stalledSince: stalled,
    metrics: view.metrics,
    bestEpoch: view.checkpoints['best']?.epoch ?? null,
    evaluation: view.evaluation,
    loss: lossText(run.config),
    test: {
      state: testStateOf(run),
      openedAt: run.opening?.at ?? null,
      openedBy: run.opening?.by ?? null,
      afterLook: looksAt(run, opened).some(({ at }) => run.createdAt > at),
    },
    indexing: shareRead(run.id),
    damage: run.quarantined === 0 && run.damage === null ? null : { quarantined: run.quarantined, note: run.damage },
    queuePosition: position < 0 ? null : position + 1,
  };
}
