import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '#core/config/config.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { trainModel } from '#trainer/ml/train.ts';
import type { TrainingHooks, TrainingState } from '#trainer/ml/training-state.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { record } from './recording-hooks.ts';
import { tinyDataset } from './tiny-dataset.ts';

type Settings = Pick<Config, 'model' | 'loss' | 'train'>;

function settings(train: object = {}, model: object = {}, loss: object = {}): Settings {
  return configOf({
    model: { architecture: 'mlp', lookback: 8, ...model },
    loss,
    train: { epochs: 3, batch_size: 32, ...train },
  });
}

/** A clock on which every look takes a second, so that every step reports and asks what is wanted. */
function everyStep(): () => number {
  let t = 0;
  return () => (t += 1000);
}

const bitsOf = ({ weights, slots }: TrainingState): unknown[] =>
  [...weights, ...slots].map(({ name, data }) => [name, [...new Uint32Array(data.buffer)]]);

describe('trainModel', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());
  const dataset = tinyDataset();

  it('learns, reports and hands over checkpoints', async () => {
    const recording = record();
    const before = tf.memory().numTensors;
    const config = settings({ epochs: 12, optimizer: { kind: 'adamw', learning_rate: 0.01 } }, { dropout: 0 });
    const outcome = await trainModel({ dataset, config, hooks: recording.hooks });
    expect(tf.memory().numTensors).toBe(before);
    expect(outcome).toMatchObject({ end: 'completed', state: { epoch: 12, step: 36, seed: 1 } });

    expect(recording.metrics[0]).toMatchObject({ step: 1, epoch: 1 / 3 });
    const times = ['time.step', ...['data', 'forward', 'backward', 'update', 'logging'].map((part) => `time.${part}`)];
    expect(Object.keys(recording.metrics[0].values).sort()).toEqual(
      ['grad_norm', 'lr', ...times, 'train.dir.loss', 'train.loss', 'train.ret.loss'].sort(),
    );
    times.forEach((name) => expect(recording.metrics[0].values[name], name).toBeGreaterThanOrEqual(0));
    const validations = recording.metrics.filter(({ values }) => 'val.loss' in values);
    expect(validations.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const name of ['val.ret.loss', 'val.dir.loss', 'val.rmse', 'val.mae', 'val.da', 'val.f1']) {
      expect(validations[0].values, name).toHaveProperty([name]);
    }
    const losses = validations.map(({ values }) => values['val.loss']);
    expect(Math.min(...losses)).toBeLessThan(0.7 * losses[0]);
    expect(validations.at(-1)?.values['val.da']).toBeGreaterThan(0.7);

    const { best } = outcome.state;
    expect(best?.value).toBe(Math.min(...losses));
    expect(recording.checkpoints.filter(({ name }) => name === 'last')).toHaveLength(12);
    expect(recording.checkpoints.findLast(({ name }) => name === 'best')).toMatchObject({
      value: best?.value,
      state: { epoch: best?.epoch, step: best?.step },
    });
    expect(recording.progress.at(-1)).toMatchObject({ epoch: 12, epochs: 12, step: 36, steps: 36, etaSeconds: 0 });
  });

  it('reports a validation loss that equals the one computed from its predictions', async () => {
    const recording = record();
    const mse = { ret: { kind: 'mse' }, dir: { kind: 'bce' }, weights: { ret: 2, dir: 0.5 } };
    const config = settings({ epochs: 1 }, {}, mse);
    const { state } = await trainModel({ dataset, config, hooks: recording.hooks });
    const model = buildModel(config.model, { lookback: 8, features: 3, outputs: 2 });
    const before = tf.memory().numTensors;
    const [returns, rises] = (await predict(model, state.weights, dataset, 'validation', async () => false)) ?? [];
    expect(tf.memory().numTensors).toBe(before);
    const rows = [...dataset.samples.validation];
    const [ret, dir] = dataset.tasks;
    const mean = (each: (row: number, i: number) => number): number =>
      rows.reduce((sum, row, i) => sum + each(row, i), 0) / rows.length;
    const squared = mean((row, i) => ((returns[i] - ret.raw[row]) / ret.sd) ** 2);
    const entropy = mean((row, i) => -Math.log(dir.raw[row] === 1 ? rises[i] : 1 - rises[i]));
    const values = recording.metrics.at(-1)?.values ?? {};
    expect(values['val.ret.loss']).toBeCloseTo(squared, 5);
    expect(values['val.dir.loss']).toBeCloseTo(entropy, 5);
    expect(values['val.loss']).toBeCloseTo(2 * squared + 0.5 * entropy, 5);
    expect(values['val.rmse']).toBeCloseTo(Math.sqrt(squared) * ret.sd, 5);
  });

  it.each(['adamw', 'sgd'])('gives the same bits twice from one seed, others from another, with %s', async (kind) => {
    const run = async (seed: number): Promise<unknown[]> => {
      const config = settings({ seed, epochs: 2, optimizer: { kind, learning_rate: 0.01 } });
      return bitsOf((await trainModel({ dataset, config, hooks: record().hooks })).state);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it.each([
    ['mlp', 'sgd'],
    ['gru', 'adamw'],
    ['tcn', 'adamw'],
  ])('ends with the same bits when resumed from a state of any step (%s, %s)', async (architecture, kind) => {
    const config = settings({ epochs: 2, optimizer: { kind, learning_rate: 0.01 } }, { architecture });
    let asked = 0;
    const recording = record(() => ({ want: 'run', checkpoint: `at-${asked++}` }));
    const whole = await trainModel({ dataset, config, hooks: recording.hooks, now: everyStep() });
    const steps = recording.checkpoints.map(({ state }) => state.step);
    for (let step = 1; step < whole.state.step; step++) expect(steps).toContain(step);
    for (const { state } of recording.checkpoints) {
      const resumed = await trainModel({ dataset, config, hooks: record().hooks, resume: state });
      expect(bitsOf(resumed.state), `from step ${state.step}`).toEqual(bitsOf(whole.state));
      expect(resumed.state.best).toEqual(whole.state.best);
    }
  });

  it('stops at the edge of a step with a last checkpoint, and goes on from it to the same bits', async () => {
    const config = settings();
    const whole = await trainModel({ dataset, config, hooks: record().hooks });
    const stopping = record((asked) => ({ want: asked === 3 ? 'stop' : 'run', checkpoint: null }));
    const stopped = await trainModel({ dataset, config, hooks: stopping.hooks, now: everyStep() });
    expect(stopped).toMatchObject({ end: 'stopped' });
    expect(stopped.state.step).toBeLessThan(whole.state.step);
    expect(stopping.checkpoints.at(-1)).toMatchObject({ name: 'last', state: { step: stopped.state.step } });
    const resumed = await trainModel({ dataset, config, hooks: record().hooks, resume: stopped.state });
    expect(bitsOf(resumed.state)).toEqual(bitsOf(whole.state));
  });

  it('answers a stop while it scores the validation split, and goes on from there to the same bits', async () => {
    // Scores more samples than one forward pass takes; on a clock that stands still nothing else asks what is wanted.
    const { samples, ...rest } = tinyDataset({ rows: 2000 });
    const long = { ...rest, samples: { ...samples, train: samples.train.slice(0, 128) } };
    const config = settings({ epochs: 2 });
    const whole = await trainModel({ dataset: long, config, hooks: record().hooks });
    const stopping = record((asked) => ({ want: asked === 1 ? 'stop' : 'run', checkpoint: null }));
    const before = tf.memory().numTensors;
    const stopped = await trainModel({ dataset: long, config, hooks: stopping.hooks, now: () => 0 });
    expect(tf.memory().numTensors).toBe(before);
    const epochEnd = whole.state.step / 2;
    expect(stopped).toMatchObject({ end: 'stopped', state: { epoch: 0, step: epochEnd, best: null } });
    expect(stopping.checkpoints.map(({ name, state }) => [name, state.step])).toEqual([['last', epochEnd]]);
    const resuming = record();
    const resumed = await trainModel({ dataset: long, config, hooks: resuming.hooks, resume: stopped.state });
    expect(bitsOf(resumed.state)).toEqual(bitsOf(whole.state));
    expect(resumed.state).toMatchObject({ best: whole.state.best, stale: whole.state.stale });
    const validated = resuming.metrics.filter(({ values }) => 'val.loss' in values);
    expect(validated.map(({ step, epoch }) => [step, epoch])).toEqual([
      [epochEnd, 1],
      [2 * epochEnd, 2],
    ]);
  });

  it('leaves the time that scoring and saving take out of the samples a second', async () => {
    let clock = 0;
    const recording = record();
    const hooks: TrainingHooks = {
      ...recording.hooks,
      checkpoint: async () => void (clock += 60_000),
    };
    // Half a second a look: every step reports, and between two reports there are at most a few looks.
    await trainModel({ dataset, config: settings(), hooks, now: () => (clock += 500) });
    const rates = recording.progress.map(({ samplesPerSecond }) => samplesPerSecond);
    expect(rates.length).toBeGreaterThan(6);
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(10);
  });

  it('pauses, takes a checkpoint while paused, and goes on to the same bits', async () => {
    const config = settings();
    const whole = await trainModel({ dataset, config, hooks: record().hooks });
    const pausing = record((asked) => ({
      want: asked === 1 || asked === 2 ? 'pause' : 'run',
      checkpoint: asked === 2 ? 'held' : null,
    }));
    const outcome = await trainModel({ dataset, config, hooks: pausing.hooks, now: everyStep() });
    expect(pausing.paused).toEqual([true, false]);
    expect(pausing.checkpoints.some(({ name }) => name === 'held')).toBe(true);
    expect(bitsOf(outcome.state)).toEqual(bitsOf(whole.state));
  });

  it('stops early where validation does not improve, and finishes at once when resumed from there', async () => {
    const config = settings({
      epochs: 40,
      select: { metric: 'val.loss', mode: 'max' },
      early_stopping: { patience: 2 },
      optimizer: { kind: 'adamw', learning_rate: 0.01 },
    });
    const recording = record();
    const outcome = await trainModel({ dataset, config, hooks: recording.hooks });
    expect(outcome.reason).toContain('early stopping: val.loss');
    expect(outcome.state.epoch).toBe((outcome.state.best?.epoch ?? 0) + 2);
    const last = recording.progress.at(-1);
    expect(last).toMatchObject({ step: outcome.state.step, epoch: outcome.state.epoch, etaSeconds: 0 });
    expect(last?.samplesPerSecond).toBeGreaterThan(0);
    const again = record();
    const resumed = await trainModel({ dataset, config, hooks: again.hooks, resume: outcome.state });
    expect(resumed).toMatchObject({ end: 'completed', reason: outcome.reason });
    expect(again.metrics).toEqual([]);
  });

  it('learns from no row behind the train windows, and chooses and stops by no row of the test', async () => {
    const { samples, names, rows } = dataset;
    const config = settings({ epochs: 4, early_stopping: { patience: 1 }, select: { metric: 'val.da', mode: 'max' } });
    /** What comes of training where features and labels of the rows from `from` on are others. */
    const trainWith = async (from: number, train: object = {}) => {
      const bent = {
        ...dataset,
        features: dataset.features.map((value, k) => (k >= from * names.length ? -3 * value : value)),
        tasks: dataset.tasks.map((task) => ({
          ...task,
          raw: task.raw.map((value, row) => (row >= from ? Math.abs(1 - value) : value)),
          labels: task.labels.map((value, row) => (row >= from ? Math.abs(1 - value) : value)),
        })),
      };
      const recording = record();
      const own = { ...config, train: { ...config.train, ...train } };
      const { state, reason } = await trainModel({
        dataset: bent,
        config: own,
        hooks: recording.hooks,
        now: everyStep(),
      });
      const told = recording.metrics.map(({ values, ...place }) => {
        const kept = Object.entries(values).filter(([name]) => !name.startsWith('time.'));
        return { ...place, values: Object.fromEntries(kept) };
      });
      const losses = recording.metrics.map(({ values }) => values['train.loss']);
      return { weights: bitsOf(state), best: state.best, reason, told, losses };
    };
    const own = await trainWith(rows);
    const lastValidation = samples.validation[samples.validation.length - 1];
    expect(await trainWith(lastValidation + 1)).toEqual(own);

    // Rows of validation choose and stop, and that is all.
    const free = { early_stopping: null };
    const lastTrain = samples.train[samples.train.length - 1];
    const [one, other] = [await trainWith(rows, free), await trainWith(lastTrain + 1, free)];
    expect([other.weights, other.losses]).toEqual([one.weights, one.losses]);
    expect(other.told).not.toEqual(one.told);
    // And the last row of train does count.
    expect((await trainWith(lastTrain, free)).weights).not.toEqual(one.weights);
  });

  it('fails with the step and what to try when the loss is not finite', async () => {
    const config = settings({ optimizer: { kind: 'sgd', learning_rate: 1, momentum: 0 } });
    const broken = { ...dataset, features: dataset.features.map((value, i) => (i % 50 === 0 ? NaN : value)) };
    const recording = record();
    const before = tf.memory().numTensors;
    await expect(trainModel({ dataset: broken, config, hooks: recording.hooks })).rejects.toMatchObject({
      code: 'non_finite_loss',
      message: expect.stringMatching(/The loss is NaN at step 1.*train\.optimizer\.learning_rate \(now 1\)/),
    });
    expect(recording.metrics[0].values['train.loss']).toBeNaN();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves a missing label out of the loss of its task', async () => {
    const holed = tinyDataset({ unlabelled: 20 });
    const poisoned = { ...holed, tasks: holed.tasks.map((task) => ({ ...task, labels: task.labels.with(20, 1e6) })) };
    const config = settings({ epochs: 1 });
    const weightsOf = async (data: typeof holed): Promise<unknown[]> =>
      bitsOf((await trainModel({ dataset: data, config, hooks: record().hooks })).state);
    expect(await weightsOf(poisoned)).toEqual(await weightsOf(holed));
  });

  it('trains fewer samples than a batch, as one batch', async () => {
    const config = settings({ batch_size: 4096, epochs: 2 });
    const { state } = await trainModel({ dataset, config, hooks: record().hooks });
    expect(state.step).toBe(2);
  });

  it('refuses an unknown metric, an empty split and a state of another model or seed', async () => {
    const hooks = record().hooks;
    await expect(
      trainModel({ dataset, config: settings({ select: { metric: 'val.sharpe' } }), hooks }),
    ).rejects.toMatchObject({ code: 'invalid_config', issues: [{ path: 'train.select.metric' }] });
    const empty = { ...dataset, samples: { ...dataset.samples, validation: new Int32Array() } };
    await expect(trainModel({ dataset: empty, config: settings(), hooks })).rejects.toMatchObject({
      code: 'split_too_small',
    });
    const { state: resume } = await trainModel({ dataset, config: settings({ epochs: 1 }), hooks });
    await expect(
      trainModel({ dataset, config: settings({}, { architecture: 'tcn' }), hooks, resume }),
    ).rejects.toMatchObject({ code: 'checkpoint_damaged', message: expect.stringContaining('dense_1/kernel') });
    await expect(trainModel({ dataset, config: settings({ seed: 2 }), hooks, resume })).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  it('leaves nothing on the engine when it refuses a state', async () => {
    const hooks = record().hooks;
    const { state: resume } = await trainModel({ dataset, config: settings({ epochs: 1 }), hooks });
    const before = tf.memory().numTensors;
    await expect(trainModel({ dataset, config: settings({ seed: 2 }), hooks, resume })).rejects.toMatchObject({
      code: 'state_conflict',
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has a best checkpoint even where the selected metric is not defined, and any number beats it', async () => {
    const ups = tinyDataset({ kinds: ['return'] });
    const [task] = ups.tasks;
    // With labels of no variance on validation its correlation is not a number.
    const raw = task.raw.map((y, row) => (ups.samples.validation.includes(row) ? 0 : y));
    const flat = {
      ...ups,
      tasks: [{ ...task, raw, labels: Float32Array.from(raw, (y) => (y - task.mean) / task.sd) }],
    };
    const config = settings({ select: { metric: 'val.ret.ic', mode: 'max' } });
    const recording = record();
    const { state } = await trainModel({ dataset: flat, config, hooks: recording.hooks });
    expect(recording.checkpoints.filter(({ name }) => name === 'best')).toHaveLength(1);
    expect(state.best).toEqual({ value: NaN, epoch: 1, step: expect.any(Number) });
    const resume = { ...state, epoch: 2, step: (2 * state.step) / 3 };
    const next = await trainModel({ dataset: ups, config, hooks: record().hooks, resume });
    expect(next.state.best).toMatchObject({ epoch: 3, value: expect.closeTo(0, 0) });
  });

  it('starts from given weights', async () => {
    const config = settings({ epochs: 1 });
    const { state } = await trainModel({ dataset, config, hooks: record().hooks });
    const recording = record();
    await trainModel({ dataset, config, hooks: recording.hooks, initial: state.weights });
    const scratch = record();
    await trainModel({ dataset, config, hooks: scratch.hooks });
    expect(recording.metrics[0].values['train.loss']).not.toBe(scratch.metrics[0].values['train.loss']);
  });
});
