import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { hour } from '#core/time/timeframe.ts';
import { dataSchema } from '#core/config/data.ts';
import { inspectData } from '#trainer/data/inspect.ts';
import { loadBars } from '#trainer/data/load.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'almanac-inspect-'));
});
afterAll(() => rm(root, { recursive: true }));

const request = (source: string, maxRows = 100) => ({
  data: dataSchema.parse({ source }),
  columns: [],
  roots: [root],
  maxRows,
});

describe('inspectData', () => {
  it('gives in a child what loadBars gives here, and the last bars', async () => {
    const source = 'sample://market?seed=2&bars=500&step=1h';
    const result = await inspectData(request(source));
    const here = await loadBars(dataSchema.parse({ source }), { roots: [] });
    expect(result).toMatchObject({
      report: here.report,
      fingerprint: here.fingerprint,
      step: hour,
      rows: 100,
      files: [],
    });
    // Not those of the hundred newest: 0.7 and 0.85 of all 500.
    const { time } = sampleMarket({ seed: 2, bars: 500 });
    expect(result.boundaries).toEqual({ validationFrom: time[350], testFrom: time[425], until: null });
    const bars = decodeBars(result.bars, result.step);
    expect(bars.close).toEqual(sampleMarket({ seed: 2, bars: 500 }).close.slice(400));
  });

  it('passes on the code, the message and the place of an error', async () => {
    await expect(inspectData(request('nope.csv'))).rejects.toMatchObject({
      name: 'AppError',
      code: 'data_not_found',
      issues: [{ path: 'data.source' }],
    });
  });

  it('outlives a reader that runs out of memory', async () => {
    const value = `[${'[1,2,3,4,5,6],'.repeat(3_000_000)}[1,2,3,4,5,6]]`;
    await writeFile(join(root, 'large.json'), value);
    await expect(inspectData(request('large.json'), { memoryMb: 48 })).rejects.toMatchObject({
      code: 'data_unreadable',
      message: /48 MiB/,
    });
  });

  it('ends a reader that takes too long', async () => {
    await expect(inspectData(request('sample://market?bars=5000000'), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'data_unreadable',
      message: /more than 0.05 s/,
    });
  });

  it('ends with the signal’s reason when it is aborted', async () => {
    const control = new AbortController();
    const pending = inspectData(request('sample://market?bars=5000000'), { signal: control.signal });
    control.abort(new Error('left the page'));
    await expect(pending).rejects.toThrow('left the page');
    await expect(inspectData(request('sample://market'), { signal: control.signal })).rejects.toThrow('left the page');
  });
});
