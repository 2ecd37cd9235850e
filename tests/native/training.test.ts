import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { openCheckpoint } from '#tests/support/plain-model.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';

const files = ['model.json', 'weights.bin', 'manifest.json', 'scaler.json'];
const overrides = [
  ...smallRun.filter((one) => !one.startsWith('train.engine')),
  'train.engine=native',
  'train.epochs=2',
];

describe('a run on the native engine', () => {
  it('says where it trains and leaves a checkpoint that TensorFlow.js alone loads, the same for one seed', async () => {
    const home = temporaryFolder();
    const folder = makeRunFolder(home, 'first', overrides);
    expect(await startTrainer(folder, 1).exit).toEqual({ code: 0, signal: null });
    const events = readEvents(folder);
    expect(eventsOf(events, 'status').map(({ state }) => state)).toEqual(['running', 'completed']);
    expect(eventsOf(events, 'status')[0]).toMatchObject({
      engine: 'native',
      device: expect.stringMatching(/^TensorFlow \d+\.\d+\.\d+, /),
    });
    const losses = eventsOf(events, 'metric').flatMap(({ values }) => values['val.loss'] ?? []);
    expect(losses).toHaveLength(2);
    expect(losses.every(Number.isFinite)).toBe(true);

    const best = join(folder, 'checkpoints', 'best');
    const zip = zipSync(Object.fromEntries(files.map((name) => [name, readFileSync(join(best, name))])));
    await tf.setBackend('cpu');
    const model = await openCheckpoint(zip);
    const width: number = model.scaler.names.length;
    const output = model.predict(new Float32Array(16 * width).fill(0.5), 16, width);
    expect(output.length).toBeGreaterThan(0);
    expect(output.every(Number.isFinite)).toBe(true);

    const again = makeRunFolder(home, 'second', overrides);
    expect(await startTrainer(again, 1).exit).toEqual({ code: 0, signal: null });
    expect(resultDigests(again)).toEqual(resultDigests(folder));
  });

  it('agrees with wasm after three epochs to a thousandth', async () => {
    const home = temporaryFolder();
    const losses: number[] = [];
    for (const engine of ['native', 'wasm']) {
      const settings = [...smallRun.filter((one) => !one.startsWith('train.engine')), `train.engine=${engine}`];
      const folder = makeRunFolder(home, engine, [...settings, 'train.epochs=3']);
      expect(await startTrainer(folder, 1).exit).toEqual({ code: 0, signal: null });
      losses.push(Number(eventsOf(readEvents(folder), 'metric').flatMap(({ values }) => values['val.loss'] ?? [])[2]));
    }
    expect(Math.abs(losses[0] - losses[1]) / losses[1]).toBeLessThan(1e-3);
  });

  it('fails with the command to run where there is no binding', async () => {
    const folder = makeRunFolder(temporaryFolder(), 'r', overrides);
    const empty = temporaryFolder();
    expect((await startTrainer(folder, 1, { ALMANAC_NATIVE: empty }).exit).code).toBe(2);
    expect(eventsOf(readEvents(folder), 'status').at(-1)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/native engine is not available.*npm run engine:native/),
    });
  });
});
