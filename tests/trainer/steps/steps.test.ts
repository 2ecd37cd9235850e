import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { minute } from '#core/time/timeframe.ts';
import { Cache } from '#trainer/cache/cache.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import { Steps } from '#trainer/steps/steps.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

/** 2000 bars with a gap, a column of their own and a price that varies. */
function csv(bars = 2000): string {
  const { time, open, high, low, close, volume } = sampleMarket({ seed: 3, bars, step: 5 * minute });
  const lines = ['time,open,high,low,close,volume,rate'];
  for (let k = 0; k < bars; k++) {
    if (k > 700 && k < 760) continue;
    const rate = k % 7 === 0 ? '' : Math.sin(k / 9);
    lines.push([new Date(time[k]).toISOString(), open[k], high[k], low[k], close[k], volume[k], rate].join());
  }
  return lines.join('\n');
}

const groups = {
  data: { source: 'bars.csv' },
  features: {
    scaler: 'robust',
    timeframes: { '5m': { rsi: {}, log_return: {} }, '15m': { atr: {} } },
    columns: { rate: { transform: 'z', period: 20 } },
  },
  targets: { horizon: 3 },
  model: { lookback: 12 },
} as const;

function home(text = csv()) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'notebooks'));
  writeFileSync(join(folder, 'notebooks', 'bars.csv'), text);
  const cacheFolder = join(folder, 'cache');
  /** The samples of this configuration and how they were come by. */
  function open(
    changes: object = {},
    { bars = null, limit = 2 ** 30 }: { readonly bars?: string | null; readonly limit?: number } = {},
  ) {
    const cache = new Cache(cacheFolder, { limit });
    const roots = [join(folder, 'notebooks')];
    const wanted = bars === null ? null : { content: bars, seconds: 100 };
    return new Steps(configOf({ ...groups, ...changes }), { roots, cache, kept: new KeptBars(folder), bars: wanted });
  }
  async function take(...args: Parameters<typeof open>) {
    const steps = open(...args);
    const samples = await steps.samples();
    const source = await steps.source();
    const size = await steps.keepBars();
    const refusals = await steps.settled();
    const { records } = steps;
    return {
      ...samples,
      source,
      size,
      refusals,
      from: Object.fromEntries(records.map(({ step, from }) => [step, from])),
      records,
      steps,
    };
  }
  return { folder, cacheFolder, open, take, path: join(folder, 'notebooks', 'bars.csv') };
}

const all = (from: string) => ({ data: from, features: from, samples: from });

/** Every number of a value as bits, so that −0, 0 and NaN are told apart, and maps in the order of their keys. */
function bits(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`;
  }
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return value.map(bits);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, inner]) => [key, bits(inner)]);
}

describe('steps', () => {
  it('give bit for bit the same with a cache and without', async () => {
    const { take } = home();
    const plain = await take({}, { limit: 0 });
    const first = await take();
    const again = await take();
    expect([plain.from, first.from, again.from]).toEqual([all('computed'), all('computed'), all('cache')]);
    for (const other of [first, again]) {
      expect(bits(other.dataset)).toEqual(bits(plain.dataset));
      expect(other.source).toEqual(plain.source);
      expect(bits([other.evaluation, other.leaks, other.source.report])).toEqual(
        bits([plain.evaluation, plain.leaks, plain.source.report]),
      );
    }
    const columns = async ({ steps }: typeof plain) => Object.entries((await steps.bars()).bars).sort();
    expect(bits(await columns(again))).toEqual(bits(await columns(plain)));
    expect(bits(await again.steps.matrix())).toEqual(bits(await plain.steps.matrix()));
    expect(first.refusals).toEqual([]);
  });

  it('compute again what reads a changed key, and nothing before it', async () => {
    const { take } = home();
    await take();
    const from = async (changes: object) => (await take(changes)).from;
    expect(await from({ loss: { weights: { ret: 2 } } })).toEqual(all('cache'));
    expect(await from({ train: { batch_size: 32, seed: 9 }, model: { ...groups.model, variant: 'large' } })).toEqual(
      all('cache'),
    );
    expect(await from({ targets: { horizon: 4 } })).toEqual({ ...all('cache'), samples: 'computed' });
    expect(await from({ data: { ...groups.data, split: { embargo: 2 } } })).toEqual({
      ...all('cache'),
      samples: 'computed',
    });
    const features = { ...groups.features, timeframes: { '5m': { rsi: { period: 9 } } } };
    expect(await from({ features })).toEqual({ data: 'cache', features: 'computed', samples: 'computed' });
    const range = { end: '2018-01-06' };
    expect(await from({ data: { ...groups.data, range } })).toEqual(all('computed'));
    expect(await from({})).toEqual(all('cache'));
  });

  it('tell beforehand what would be computed and why, and load nothing for it', async () => {
    const { open, take, path } = home();
    const foreseen = async (...args: Parameters<typeof open>) =>
      (await open(...args).foresee()).steps.map(({ from }) => from);
    expect(await foreseen()).toEqual(['computed', 'computed', 'computed']);
    const { source } = await take();
    const targets = { targets: { horizon: 9 } };
    for (const changes of [{}, targets, { features: { timeframes: { '5m': { rsi: { period: 9 } } } } }]) {
      const before = await foreseen(changes);
      expect(before).toEqual((await take(changes)).records.map(({ from }) => from));
      expect(await foreseen(changes)).toEqual(['cache', 'cache', 'cache']);
    }
    const {
      steps: [, , samples],
    } = await open(targets).foresee();
    expect(samples).toEqual({ ...samples, step: 'samples', seconds: expect.any(Number) });
    rmSync(path);
    expect(await foreseen(targets, { bars: source.id })).toEqual(['kept', 'cache', 'cache']);
    await expect(open().foresee()).rejects.toMatchObject({ code: 'data_not_found' });
  });

  it('follow the bytes of the file, not its name, its place or its time', async () => {
    const { folder, path, take } = home();
    const first = await take();
    mkdirSync(join(folder, 'notebooks', 'deep'));
    writeFileSync(join(folder, 'notebooks', 'deep', 'bars.csv'), readFileSync(path));
    expect((await take({ data: { source: 'deep/bars.csv' } })).from).toEqual(all('cache'));
    const stat = statSync(path);
    const text = readFileSync(path, 'utf8');
    // The same size and the same times: only the bytes tell.
    const at = text.lastIndexOf('1', text.length - 20);
    writeFileSync(path, `${text.slice(0, at)}2${text.slice(at + 1)}`);
    const { utimesSync } = await import('node:fs');
    utimesSync(path, stat.atime, stat.mtime);
    const changed = await take();
    expect(changed.from).toEqual(all('computed'));
    expect(changed.records[0].why).toBe('the file has changed');
    expect(changed.source.id).not.toBe(first.source.id);
  });

  it('compute nothing again of bars that other settings of loading leave as they are', async () => {
    const { take } = home();
    await take();
    const { from } = await take({ data: { ...groups.data, outliers: 'clip' } });
    expect(from).toEqual({ data: 'computed', features: 'cache', samples: 'cache' });
  });

  it('compute anew what is damaged, and say so', async () => {
    const { cacheFolder, take } = home();
    const first = await take();
    for (const name of readdirSync(join(cacheFolder, 'contents'))) {
      const path = join(cacheFolder, 'contents', name);
      const bytes = readFileSync(path);
      bytes[bytes.length - 20] ^= 4;
      rmSync(path);
      writeFileSync(path, bytes);
    }
    const again = await take();
    expect(again.from).toEqual(all('computed'));
    for (const { why } of again.records) expect(why).toContain('damaged');
    expect(bits(again.dataset)).toEqual(bits(first.dataset));
    expect((await take()).from).toEqual(all('cache'));
  });

  it('take bars that were kept, whatever became of the file', async () => {
    const { path, take, folder } = home();
    const first = await take();
    expect(first.size).toBe(statSync(join(folder, '.bars', first.source.id)).size);
    rmSync(path);
    const child = await take({ targets: { horizon: 5 } }, { bars: first.source.id });
    expect(child.from).toEqual({ data: 'kept', features: 'cache', samples: 'computed' });
    expect(child.source).toEqual(first.source);
    expect(child.records[0].saved).toBeGreaterThan(90);
    const cold = await take({ targets: { horizon: 5 } }, { bars: first.source.id, limit: 0 });
    expect(cold.from).toEqual({ data: 'kept', features: 'computed', samples: 'computed' });
    expect(bits(cold.dataset)).toEqual(bits(child.dataset));
    await expect(take()).rejects.toMatchObject({ code: 'data_not_found' });
  });

  it('refuse kept bars that are damaged or gone, and say what to do', async () => {
    const { folder, take } = home();
    const { source } = await take({}, { limit: 0 });
    const path = join(folder, '.bars', source.id);
    writeFileSync(path, readFileSync(path).fill(7, 400, 500));
    await expect(take({}, { bars: source.id, limit: 0 })).rejects.toMatchObject({
      code: 'data_unreadable',
      message: expect.stringContaining('bars: today'),
    });
    rmSync(path);
    await expect(take({}, { bars: source.id })).rejects.toMatchObject({ code: 'data_not_found' });
  });
});

it('kept bars go when no run names them, and not a moment after they were kept', async () => {
  const { folder, take } = home();
  const { source } = await take();
  const kept = new KeptBars(folder);
  const later = Date.now() + 7_200_000;
  await kept.sweep(new Set());
  await kept.sweep(new Set([source.id]), later);
  expect(await kept.find(source.id)).not.toBeNull();
  await kept.sweep(new Set(), later);
  expect(await kept.find(source.id)).toBeNull();
  expect(await kept.find('../secret')).toBeNull();
});
