import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '#core/api/plan.ts';
import { readCellAnswer } from '#core/api/read-cell.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

const notebook = `---
title: Mine
---
\`\`\`yaml data
source: data/bars.csv
\`\`\`
\`\`\`yaml features
timeframes: {1h: {log_return: {}, rsi: {period: 14}}}
\`\`\`
\`\`\`yaml model
lookback: 16
\`\`\`
\`\`\`yaml train
epochs: 2
\`\`\`
`;

const bars = sampleMarket({ bars: 2000 });
const row = (i: number, at = bars.time[i]) =>
  `${[new Date(at).toISOString(), bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].join(',')}\n`;

function homeWith(text: string): string {
  const home = temporaryHome();
  const data = join(home, 'notebooks', 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(home, 'notebooks', 'mine.md'), text);
  const rows = Array.from(bars.time, (_, i) => row(i)).join('');
  writeFileSync(join(data, 'bars.csv'), `time,open,high,low,close,volume\n${rows}`);
  return home;
}

async function plan(sidecar: TestSidecar, body: object = {}): Promise<Plan> {
  const { status, body: answer } = await sidecar.post<Plan>('/runs/plan', { notebook: 'mine', ...body });
  expect(status).toBe(200);
  return answer;
}

const actions = ({ cells }: Plan) => cells.map(({ kind, action }) => `${kind} ${action}`).join(', ');
const reason = ({ cells }: Plan, kind: string) => cells.find((cell) => cell.kind === kind)?.reason;

test('a plan says what is computed and why, what is reused, how long it takes, and which run is the same', async () => {
  const home = homeWith(notebook);
  const sidecar = await startTestSidecar('real', home);

  const first = await plan(sidecar);
  expect(actions(first)).toBe('data run, features run, targets run, model run, loss run, train run');
  expect(first.estimate).toMatchObject({
    seconds: null,
    engine: 'wasm',
    basis: expect.stringContaining('run the model cell'),
  });
  expect([first.queue, first.identical, first.issues]).toEqual([{ position: 1, ahead: null }, undefined, []]);

  const cell = await fetch(`${sidecar.url}/notebooks/mine/cells/model`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const model = await readCellAnswer(cell.body!);
  const timed = await plan(sidecar);
  expect(actions(timed)).toBe('data cached, features cached, targets cached, model run, loss run, train run');
  if (model.step !== 'model') throw new Error('another result');
  expect(timed.estimate.seconds).toBeCloseTo(model.eta!.seconds, 6);
  expect(timed.estimate.basis).toContain(
    `${Math.round(model.speed!.samplesPerSecond).toLocaleString('en')} samples/s on wasm`,
  );
  expect(timed.estimate.bytes).toBeGreaterThan(0);

  const { body: made } = await sidecar.post<{ id: string; number: number }>('/runs', { notebook: 'mine', name: 'One' });
  await sidecar.until(made.id, ({ status }) => status === 'completed');
  // Neither name nor tags nor engine make another run of it; a seed does.
  const same = await plan(sidecar, { name: 'Two', tags: ['new'], overrides: ['train.engine=wasm'] });
  expect(same).toMatchObject({ identical: { id: made.id, number: made.number, status: 'completed' }, nextSeed: 2 });
  expect(same.words).toMatch(/^reuses data, features, targets · runs train · about /);
  const seeded = await plan(sidecar, { overrides: ['train.seed=2'] });
  expect([seeded.identical, reason(seeded, 'train')]).toEqual([undefined, 'train.seed 1 → 2']);

  const fork = await plan(sidecar, {
    notebook: undefined,
    fork: made.id,
    overrides: ['features.timeframes.1h.rsi.period=21'],
  });
  expect(actions(fork)).toBe('data cached, features run, targets run, model run, loss run, train run');
  expect([reason(fork, 'features'), reason(fork, 'train'), fork.rows]).toEqual([
    'features.timeframes.1h.rsi.period 14 → 21',
    'needs features: features.timeframes.1h.rsi.period 14 → 21',
    null,
  ]);
  expect(fork.words).toMatch(/^reuses data · runs features, targets, train · about /);
  const moved = await plan(sidecar, { notebook: undefined, fork: made.id, overrides: ['data.split.train=0.6', 'data.split.validation=0.25'] });
  expect(moved.rows).toBe(`may be other rows than those of R${made.number}: data.split.train, data.split.validation changed`);

  appendFileSync(join(home, 'notebooks', 'data', 'bars.csv'), row(1999, bars.time[1999] + bars.step));
  const later = await plan(sidecar);
  expect([later.identical, reason(later, 'data')]).toEqual([undefined, expect.stringContaining('file')]);
});

test('with a wrong cell it is the plan up to there', async () => {
  const sidecar = await startTestSidecar('steady', homeWith(notebook.replace('lookback: 16', 'lookback: 1')));
  const broken = await plan(sidecar);
  expect(actions(broken)).toBe('data run, features run, targets run, model wrong, loss run, train blocked');
  expect(broken.issues).toEqual([expect.objectContaining({ path: 'model.lookback', line: 11 })]);
  expect([broken.estimate.seconds, broken.words]).toEqual([
    null,
    'would run data, features, targets, loss · model has a problem',
  ]);
  expect(reason(broken, 'train')).toBe('waits for model, which has a problem');

  const lost = await plan(sidecar, { source: notebook.replace('bars.csv', 'none.csv') });
  expect(actions(lost)).toBe(
    'data wrong, features blocked, targets blocked, model blocked, loss blocked, train blocked',
  );
  expect(lost.issues).toEqual([expect.objectContaining({ path: 'data.source', line: 5 })]);
  const slow = await plan(sidecar, { source: notebook.replace('epochs: 2', 'epochs: 2\nengine: webgpu') });
  expect(actions(slow)).toContain('train wrong');
  expect((await sidecar.post('/runs/plan', { notebook: 'nothing' })).status).toBe(404);
  expect((await sidecar.post('/runs/plan', { fork: '01aaaaaaaaaaaaaaaa0001' })).status).toBe(404);
});
