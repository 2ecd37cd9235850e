import { expect, test } from 'vitest';
import { homeWith, runCellOf, smallNotebook } from '#tests/support/run-cell.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

test('each cell is run after those that it needs, on all bars, and its lines bear the version that was asked for', async () => {
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook));
  const data = await runCellOf(sidecar, 'data', { version: 7 });
  expect(data.result).toMatchObject({ step: 'data', report: { bars: 3000 } });
  expect([data.done, new Set(data.lines.map(({ version }) => version))]).toEqual([['data'], new Set([7])]);

  const features = await runCellOf(sidecar, 'features');
  expect(features.result).toMatchObject({ step: 'features', bars: 3000, timeframes: ['1h'] });
  expect(features.done).toEqual(['data', 'features']);

  const targets = await runCellOf(sidecar, 'targets', { overrides: ['targets.horizon=5'] });
  expect(targets.result).toMatchObject({ step: 'targets', labels: { rows: 3000, unlabelled: 5 } });

  const model = await runCellOf(sidecar, 'model');
  expect(model.done.at(-1)).toBe('model');
  expect(model.result).toMatchObject({ step: 'model', isLast: false, note: null, eta: { epochs: 3 } });
  if (model.result.step !== 'model') throw new Error('another result');
  const { speed, samples, eta } = model.result;
  expect(speed?.engine).toBe('wasm');
  expect(speed!.steps).toBeGreaterThan(0);
  expect(speed!.samplesPerSecond).toBeGreaterThan(0);
  expect(eta!.steps).toBe(3 * Math.floor(samples.samples.train / 256));

  const loss = await runCellOf(sidecar, 'loss');
  if (loss.result.step !== 'loss') throw new Error('another result');
  // An output of zero is a share of one half, and the mean of standardised returns.
  const byTask = Object.fromEntries(loss.result.terms.map((term) => [term.task, term]));
  expect(byTask['dir'].zero).toBeCloseTo(Math.LN2, 6);
  expect(loss.result.terms.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9);
});
