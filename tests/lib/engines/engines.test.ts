import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineReport } from '#core/engines/report.ts';
import { engineObstacle } from '#lib/engines/engine-obstacle.ts';
import { EngineList } from '#lib/engines/engines.svelte.ts';

const wasm: EngineReport = {
  name: 'wasm',
  available: true,
  device: 'WASM',
  version: '1',
  measured: { gflops: 1, samplesPerSecond: 10 },
};
const measured: EngineReport = { ...wasm, models: { tcn: { samplesPerSecond: 900 } } };
const native: EngineReport = {
  name: 'native',
  available: false,
  device: '',
  version: '',
  reason: 'TensorFlow is not built.',
  remedy: 'npm run engine:native',
};

/** A server whose answers are given one by one; the last one stands. */
function server(...answers: (readonly EngineReport[])[]) {
  const asked: string[] = [];
  const fetcher = async (path: string) => {
    asked.push(path);
    return Response.json(answers.length > 1 ? answers.shift() : answers[0]);
  };
  return { asked, fetcher };
}

describe('EngineList', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows what there is, then the speeds, and asks no more once all is known', async () => {
    const { asked, fetcher } = server([wasm], [measured]);
    const list = new EngineList(fetcher);
    const seen: unknown[] = [];
    const stop = list.follow('tcn');
    for (let turn = 0; turn < 20; turn++) {
      await vi.advanceTimersByTimeAsync(0);
      if (list.all !== null && seen.at(-1) !== list.all) seen.push(list.all);
    }
    expect(asked).toEqual(['/api/engines', '/api/engines?model=tcn']);
    expect(seen.at(-1)).toEqual([measured]);
    expect(list.isMeasuring('tcn')).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
    stop();
  });

  it('asks again later while a measurement is missing, and stops when nobody looks', async () => {
    const { asked, fetcher } = server([wasm], [wasm], [wasm], [measured]);
    const list = new EngineList(fetcher);
    const stop = list.follow('tcn');
    await vi.advanceTimersByTimeAsync(0);
    expect(list.all).toEqual([wasm]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([list.all, asked.length]).toEqual([[measured], 4]);
    stop();
    const other = new EngineList(server([wasm]).fetcher);
    other.follow('tcn')();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(other.all).toEqual([wasm]);
  });

  it('says why it has no answer, and recovers', async () => {
    let works = false;
    const list = new EngineList(async () => {
      if (!works) throw new TypeError('no network');
      return Response.json([measured]);
    });
    const stop = list.follow('tcn');
    await vi.advanceTimersByTimeAsync(0);
    expect(list.trouble).toContain('does not answer');
    works = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([list.trouble, list.all]).toEqual([null, [measured]]);
    stop();
  });
});

describe('engineObstacle', () => {
  it('names what is missing and the command, and nothing where nothing is known', () => {
    expect(engineObstacle([wasm, native], 'native', 'tcn')).toBe(
      'TensorFlow is not built. To install it: npm run engine:native',
    );
    const told = { ...native, reason: 'Run npm run engine:native.' };
    expect(engineObstacle([told], 'native', 'tcn')).toBe('Run npm run engine:native.');
    for (const wanted of ['wasm', 'auto', 'webgpu']) expect(engineObstacle([wasm, native], wanted, 'tcn')).toBeNull();
    expect(engineObstacle(null, 'native', 'tcn')).toBeNull();
  });

  it('names the test that the architecture did not pass', () => {
    const failed: EngineReport = { ...wasm, models: { tcn: { reason: 'its loss of step 1 is NaN' } } };
    expect(engineObstacle([failed], 'wasm', 'tcn')).toBe(
      'wasm did not pass its test of tcn here: its loss of step 1 is NaN. Choose auto.',
    );
    expect(engineObstacle([failed], 'wasm', 'mlp')).toBeNull();
  });
});
