import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { almanac } from '#tests/support/almanac.ts';
import {
  type Expected,
  expectFailed,
  expectRefused,
  expectStillWorks,
  expectTerminal,
} from '#tests/support/bad-input.ts';
import { eventsOf, readEvents } from '#tests/support/run-folder.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const bars = (count: number) => `data.source="sample://market?seed=1&bars=${count}&step=1h"`;
const light = 'features.timeframes={1h: {log_return: {}, rsi: {}}}';
/** A rate at which weights double each step until no number can hold them. */
const absurd = [
  'train.optimizer={kind: sgd, learning_rate: 1}',
  'train.schedule={kind: constant, warmup: 0}',
  'train.clip_norm=null',
  'loss.ret.kind=mse',
  'loss.weights.ret=1000',
];

const cases: Readonly<Record<string, { readonly overrides: readonly string[] } & Expected>> = {
  'a split too small for the lookback': {
    overrides: [bars(600), light, 'model.lookback=400'],
    code: 'split_too_small',
    says: [
      'The train split is too small',
      'keeps 0 samples of its 420 bars',
      'lack 400 unbroken bars behind them',
      'lower model.lookback (400)',
      'use more data',
    ],
  },
  'a split with too few samples': {
    overrides: [bars(2000), light, 'model.lookback=8', 'data.split={train: 0.98, validation: 0.01, test: 0.01}'],
    code: 'split_too_small',
    says: [
      'The validation split is too small',
      /keeps \d samples/,
      'at least 12 are needed',
      'Enlarge data.split.validation',
    ],
  },
  'a feature whose warm-up eats the data': {
    overrides: [bars(300), 'model.lookback=8', 'features.timeframes={1h: {sma_distance: {period: 400}}}'],
    code: 'warmup_too_long',
    says: ['1h.sma_distance_400 needs 399 bars', 'there are 300', 'Use a shorter period'],
  },
  'a timeframe that the bars do not make': {
    overrides: [bars(2000), 'features.timeframes={7m: {rsi: {}}}'],
    code: 'invalid_config',
    says: ['features.timeframes.7m', "Expected a whole multiple of the data's step 1h", 'received 7m', 'Name 1h, 4h'],
  },
  'a range of time without bars': {
    overrides: [bars(2000), light, 'data.range.start=2090-01-01'],
    code: 'data_empty',
    says: ['No usable bars', 'data.range', 'the file has', 'Widen data.range'],
  },
};

test('what the data cannot bear fails the run with numbers and the key to change', async () => {
  const sidecar = await startTestSidecar('real');
  for (const { overrides, ...expected } of Object.values(cases)) await expectFailed(sidecar, { overrides }, expected);
  const { overrides, ...expected } = cases['a split too small for the lookback'];
  writeFileSync(join(sidecar.home, 'notebooks', 'question.md'), '# A question\n```yaml train\n```\n');
  await expectTerminal(sidecar.home, ['question', ...overrides], expected);
  await expectStillWorks(sidecar);
});

test('a loss that is no number fails the run with the step and what to lower, and its checkpoints stay sound', async () => {
  const sidecar = await startTestSidecar('real');
  const overrides = [bars(3000), 'model.lookback=8', ...absurd];
  const id = await expectFailed(
    sidecar,
    { overrides },
    {
      code: 'non_finite_loss',
      says: [
        /(loss|gradient norm) is (NaN|Infinity)/,
        'a finite number was expected',
        'Lower train.optimizer.learning_rate (now 1)',
        'Checkpoints written before are unharmed',
      ],
    },
  );
  const folder = join(sidecar.runs, id);
  const values = eventsOf(readEvents(folder), 'metric').flatMap((event) => Object.values(event.values));
  // What went wrong is in the log as it was, and the page can draw up to it.
  expect(values.some((value) => value === 'NaN' || value === 'Infinity')).toBe(true);
  const named = eventsOf(readEvents(folder), 'checkpoint').map(({ name }) => name);
  for (const name of named) expect(await readCheckpoint(join(folder, 'checkpoints'), name), name).not.toBeNull();
  expect(readdirSync(folder)).toContain('metrics.csv');
  const { status, body } = await sidecar.json<{ series: object }>(`/runs/${id}/metrics`);
  expect([status, Object.keys(body.series)]).toEqual([200, expect.arrayContaining(['train.loss'])]);
  await expectStillWorks(sidecar);
});

test('a model too large for memory is refused before training, with the estimate, the limit and what fits', async () => {
  const sidecar = await startTestSidecar('real');
  const large = ['model.architecture=tcn', 'model.variant=large', 'model.lookback=512', 'train.engine=wasm'];
  const id = await expectFailed(
    sidecar,
    { overrides: [bars(6000), light, ...large, 'train.batch_size=2048'] },
    {
      code: 'out_of_memory',
      says: [
        /^train.batch_size 2048 with model.variant large \(tcn, model.lookback 512, \d+ features\) is estimated to need [\d.]+ GB;/,
        'the wasm engine holds 3.5 GB',
        /What would fit: train\.batch_size=\d+ \([\d.]+ [GM]B\)\.$/,
      ],
    },
  );
  const events = readEvents(join(sidecar.runs, id));
  expect([eventsOf(events, 'metric'), eventsOf(events, 'checkpoint')]).toEqual([[], []]);
  await expectStillWorks(sidecar);
});

test('a GPU that was asked for and is not there is said so, and no other engine is put in its place', async () => {
  const sidecar = await startTestSidecar('real');
  const { body: engines } = await sidecar.json<{ name: string; available: boolean }[]>('/engines');
  expect(engines.filter(({ available }) => available).map(({ name }) => name)).toEqual(['wasm']);
  await expectRefused(sidecar, { overrides: ['train.engine=webgpu'] }, 422, {
    code: 'engine_unavailable',
    path: 'train.engine',
    says: ['webgpu', 'Set train.engine to auto'],
  });
  const answer = await sidecar.post<{ id: string; error: { code: string; message: string } }>('/runs', {
    overrides: ['train.engine=native', 'train.epochs=1'],
  });
  if (answer.status === 201) {
    // The optional package is installed: then either there is a GPU and it trains, or the run says what is missing.
    const run = await sidecar.until(answer.body.id, ({ status }) => status === 'failed' || status === 'completed');
    if (run.status === 'failed') expect(run.reason).toContain('set train.engine to auto or wasm');
    else expect(run.engine?.name).toBe('native');
    return;
  }
  expect([answer.status, answer.body.error.code]).toEqual([422, 'engine_unavailable']);
  expect(answer.body.error.message).toMatch(/native engine.*npm run engine:native/);
  writeFileSync(join(sidecar.home, 'notebooks', 'question.md'), '# A question\n```yaml train\n```\n');
  const { code, notes } = await almanac(sidecar.home, 'run', 'question', 'train.engine=native');
  expect([code, notes]).toEqual([1, `almanac: ${answer.body.error.message}\n`]);
});
