import type { Evaluation, EvaluatedRows } from '#core/run/evaluation.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';

/** A completed run as a list holds it, with what a test wants to say of it. */
export function runSummary(part: Partial<RunSummary> = {}): RunSummary {
  return {
    id: '01m84abcdefghjk',
    number: 12,
    name: 'x',
    status: 'completed',
    reason: null,
    notebook: 'x',
    parent: null,
    changed: {},
    tags: [],
    starred: false,
    archived: false,
    conclusion: '',
    attempt: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    engine: null,
    progress: null,
    stalledSince: null,
    metrics: { latest: {}, best: {} },
    bestEpoch: null,
    evaluation: null,
    loss: null,
    test: { state: 'none', openedAt: null, openedBy: null, afterLook: false },
    indexing: null,
    damage: null,
    queuePosition: null,
    ...part,
  };
}

/** The same as its own page has it. */
export function runDetail(part: Partial<RunDetail> = {}): RunDetail {
  return {
    ...runSummary(part),
    children: [],
    concludedAt: null,
    notes: '',
    comparisons: [],
    prose: [],
    config: {},
    overrides: [],
    source: '',
    lastSeq: 0,
    dataReport: null,
    steps: [],
    bars: null,
    envelope: { looks: [], after: 0, self: false },
    tried: 0,
    ...part,
  };
}

/** Rows under this key, and what a test wants to say of them; null where they are not known. */
export function evaluationOf(key: string | null, part: Partial<EvaluatedRows> = {}): Evaluation | null {
  if (key === null) return null;
  const rows = { from: Date.UTC(2022, 3, 17), to: Date.UTC(2022, 9, 19), rows: 6801, horizon: 12, ...part };
  return { validation: { key, ...rows }, test: { key: `test of ${key}`, ...rows } };
}
