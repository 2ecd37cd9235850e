import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';

/** @param queue ids of the queued runs in their order. */
export function toSummary(run: StoredRun, queue: readonly string[]): RunSummary {
  const { view } = run;
  const position = queue.indexOf(run.id);
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
    attempt: view.attempt,
    createdAt: run.createdAt,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    engine: view.engine,
    progress: view.progress,
    metrics: view.metrics,
    bestEpoch: view.checkpoints['best']?.epoch ?? null,
    evaluation: view.evaluation,
    test: {
      state: 'test' in view.results ? 'open' : 'none',
      openedAt: null,
      openedBy: null,
      afterLook: false,
    },
    queuePosition: position < 0 ? null : position + 1,
  };
}

export function toDetail(
  run: StoredRun,
  queue: readonly string[],
  rest: Pick<RunDetail, 'children' | 'from' | 'source' | 'dataReport'>,
): RunDetail {
  return {
    ...toSummary(run, queue),
    ...rest,
    config: run.config,
    overrides: run.overrides,
    lastSeq: run.view.lastSeq,
  };
}
