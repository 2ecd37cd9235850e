import type { ComparedRun } from '#core/api/run-diff.ts';

/** A run as a comparison knows it: four epochs of ten steps, of which nothing else is known. */
export function comparedRun(number: number, part: Partial<ComparedRun> = {}): ComparedRun {
  return {
    ...{ id: `r${number}`, number, name: '', status: 'completed', notebook: null, parent: null, createdAt: '' },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:40.000Z', bestEpoch: 2, bestStep: 20 },
    ...{ epochs: 4, steps: 40, batch: 8, loss: 'mse of return', edge: null, test: 'none', testOpenedAt: null },
    ...{ baselines: { majority: { da: 0.52 }, coin: { da: 0.5 } }, config: '' },
    seeds: { runs: [], spread: {}, missing: [], seconds: null },
    ...part,
  };
}
