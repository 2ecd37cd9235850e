import { gzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, minute } from '#core/time/timeframe.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/bars/', import.meta.url));

function load(source: string, data: Partial<DataConfig> = {}, roots = [fixtures]) {
  return loadBars({ ...dataSchema.parse({ source }), ...data }, { roots });
}

interface Expected {
  readonly first: string;
  readonly step?: number;
  readonly bars?: number;
  readonly close: number;
  readonly volume: number;
  readonly format: string;
  readonly data?: Partial<DataConfig>;
}

/** Every format of CLEANING.md#times: the first bar that comes out of its fixture. */
const formats: Record<string, Expected> = {
  'epoch-ms.json': {
    first: '2017-08-17T12:00',
    step: hour,
    close: 4308.83,
    volume: 47.18,
    format: 'epoch milliseconds',
  },
  'epoch-s-trades.csv': { first: '2013-10-06T21:30', close: 122.05, volume: 0.1, format: 'epoch seconds' },
  'epoch-us.csv': { first: '2025-01-01T00:00', close: 93656.18, volume: 56.2, format: 'epoch microseconds' },
  'offset-text.csv': { first: '2023-03-01T00:00', close: 23140, volume: 118.2, format: 'text with offset' },
  'naive-mt5.csv': { first: '2020-08-27T15:13', close: 1.17848, volume: 608, format: 'local text (UTC)' },
  'histdata-mt.csv': {
    first: '2020-06-01T05:00',
    close: 1.11093,
    volume: 0,
    format: 'local text (-05:00)',
    data: { timezone: '-05:00' },
  },
  'histdata-nt.csv': { first: '2020-05-01T00:00', close: 1.09523, volume: 0, format: 'local text (UTC)' },
  'backtrader-close-label.txt': {
    first: '2006-01-02T09:00',
    close: 3582.99,
    volume: 0,
    format: 'local text (UTC)',
    data: { bar_label: 'close' },
  },
  'cryptodatadownload.csv': {
    first: '2019-10-17T10:00',
    step: hour,
    bars: 4,
    close: 8051,
    volume: 356.24,
    format: 'local text (UTC)',
  },
  'bom-month-first.csv': { first: '1990-01-02T00:00', step: 24 * hour, close: 359.69, volume: 0, format: 'dates' },
  'tab-separated.tsv': {
    first: '2021-01-04T00:00',
    step: hour,
    close: 1.22461,
    volume: 1322,
    format: 'local text (UTC)',
  },
  'scaled-prices.csv': { first: '2012-01-02T00:00', close: 100060, volume: 12, format: 'local text (UTC)' },
  'adj-close.csv': { first: '2013-05-13T00:00', step: 24 * hour, close: 64.96286, volume: 79237200, format: 'dates' },
  'day-first.csv': { first: '2020-01-30T00:00', step: 24 * hour, close: 1.11, volume: 0, format: 'dates' },
  'dukascopy.csv': { first: '2020-05-31T22:00', close: 1.11062, volume: 150.5, format: 'text with offset' },
  'objects.json': { first: '2023-03-01T00:00', step: hour, bars: 2, close: 1.1, volume: 5, format: 'text with offset' },
  'columns.json': { first: '2023-03-01T00:00', step: 24 * hour, close: 1.1, volume: 0, format: 'dates' },
  'rows.jsonl': { first: '2023-03-01T00:00', step: hour, bars: 2, close: 1.5, volume: 3, format: 'epoch seconds' },
  'snappy.parquet': {
    first: '2023-03-01T00:00',
    step: hour,
    bars: 300,
    close: 100,
    volume: 0,
    format: 'timestamps (UTC)',
  },
  'zstd-index.parquet': {
    first: '2023-03-01T00:00',
    step: hour,
    bars: 300,
    close: 100,
    volume: 0,
    format: 'timestamps (UTC)',
  },
  'gzip-epoch.parquet': { first: '2023-03-01T00:00', step: hour, bars: 300, close: 100, volume: 0, format: 'epoch' },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-formats-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.entries(formats))('%s', (name, expected) => {
  it('is read', async () => {
    const { bars, report, files, fingerprint } = await load(name, expected.data);
    expect(new Date(bars.time[0]).toISOString().slice(0, 16)).toBe(expected.first);
    expect(bars.step).toBe(expected.step ?? minute);
    expect(bars.time.length).toBe(expected.bars ?? 3);
    expect(bars.close[0]).toBeCloseTo(expected.close, 8);
    expect(bars.volume[0]).toBeCloseTo(expected.volume, 8);
    expect(report.timeFormat).toContain(expected.format);
    expect(files).toEqual([name]);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    for (let i = 0; i < bars.time.length; i++) {
      expect(bars.high[i]).toBeGreaterThanOrEqual(Math.max(bars.open[i], bars.close[i]));
    }
  });

  it('gives the same bars gzipped', async () => {
    await writeFile(join(folder, `${name}.gz`), gzipSync(await readFile(join(fixtures, name))));
    const plain = await load(name, expected.data);
    const packed = await load(`${name}.gz`, expected.data, [folder]);
    expect(packed.bars).toEqual(plain.bars);
    expect(packed.fingerprint).not.toBe(plain.fingerprint);
  });
});

describe('what the report says of them', () => {
  it('names the columns it took, and Close rather than Adj Close', async () => {
    const { report } = await load('adj-close.csv');
    expect(report.columns).toEqual({
      time: 'Date',
      open: 'Open',
      high: 'High',
      low: 'Low',
      close: 'Close',
      volume: 'Volume',
    });
  });

  it('counts the junk row of the MetaTrader file and the reversed order of CryptoDataDownload', async () => {
    expect((await load('naive-mt5.csv')).report).toMatchObject({ rowsRead: 4, unparsableTime: 1, bars: 3 });
    const { report } = await load('cryptodatadownload.csv');
    expect(report).toMatchObject({ rowsRead: 4, inversions: 3, bars: 4 });
    expect(report.notes).toContain('1 line above the table skipped');
  });

  it('says where the order of day and month was guessed, and where volumes are all zero', async () => {
    const { report } = await load('bom-month-first.csv');
    expect(report.notes.join('\n')).toMatch(/month or day first: read as month-first/);
    expect(report.notes.join('\n')).toMatch(/all volumes are zero/);
    expect(report.zeroVolume).toBe(3);
  });

  it('moves a high that misses the open by float noise onto it instead of dropping the row', async () => {
    const { report, bars } = await load('scaled-prices.csv');
    expect(report.invalidRows).toBe(0);
    expect(bars.high[0]).toBe(bars.open[0]);
    expect(report.notes.join('\n')).toMatch(/large whole numbers/);
  });

  it('joins the files of a pattern in order, whatever the order of their rows', async () => {
    const header = 'time,open,high,low,close,volume\n';
    await writeFile(join(folder, 'part-2.csv'), `${header}2024-01-01T02:00Z,3,3,3,3,1\n2024-01-01T03:00Z,4,4,4,4,1\n`);
    await writeFile(join(folder, 'part-1.csv'), `${header}2024-01-01T00:00Z,1,1,1,1,1\n2024-01-01T01:00Z,2,2,2,2,1\n`);
    const { bars, files, report, fingerprint } = await load('part-*.csv', {}, [folder]);
    expect(files).toEqual(['part-1.csv', 'part-2.csv']);
    expect([...bars.close]).toEqual([1, 2, 3, 4]);
    expect(report.notes).toContain('2 files joined');
    expect(fingerprint).not.toBe((await load('part-1.csv', {}, [folder])).fingerprint);
  });
});

it('reads each row in its own epoch unit where the order of the times proves it', async () => {
  const { report } = await load('epoch-mixed-units.csv');
  expect(report).toMatchObject({
    bars: 3,
    repairedTimes: 1,
    first: Date.UTC(2024, 11, 31),
    last: Date.UTC(2025, 0, 1),
  });
  expect(report.notes).toContain('times in milliseconds and in microseconds: 1 read in their own unit, from row 3');
});

describe('what cannot be read', () => {
  const broken: Record<string, readonly [content: string | Buffer, code: string, says: RegExp]> = {
    'empty.csv': ['', 'data_empty', /0 bytes/],
    'header.csv': ['time,open,high,low,close\n', 'data_empty', /no rows/],
    'one.csv': ['time,open,high,low,close\n2024-01-01,1,1,1,1\n', 'data_empty', /1 of 1 rows/],
    'zeros.csv': ['time,open,high,low,close\n2024-01-01,0,0,0,0\n2024-01-02,0,0,0,0\n', 'data_empty', /not above zero/],
    'words.csv': ['time,open,high,low,close\nsoon,1,1,1,1\nlater,1,1,1,1\n', 'data_empty', /readable time.*"soon"/],
    'columns.csv': ['when,what\nsoon,much\n', 'data_unreadable', /time and close.*"when", "what"/],
    'quote.csv': [
      'time,open,high,low,close\n2024-01-01,"1,1,1,1\n2024-01-02,1,1,1,1\n',
      'data_unreadable',
      /quotation mark near line/,
    ],
    'wide.csv': [`${Array.from({ length: 1001 }, (_, k) => `c${k}`).join(',')}\n`, 'data_unreadable', /1001 columns/],
    'long.csv': [`time,close\n${'1'.repeat(2_500_000)}`, 'data_unreadable', /line of more than 1 MiB/],
    'noise.csv': [Buffer.from(Uint8Array.from({ length: 5000 }, (_, k) => (k * 7919) % 256)), 'data_unreadable', /./],
    'cut.json': ['[[1,2,3,4,5,6],\n[1,2', 'data_unreadable', /line 2, column/],
    'text.json': ['"hello"', 'data_unreadable', /another shape.*Expected rows/],
    'ragged.json': ['{"time":[1,2],"close":[1]}', 'data_unreadable', /different length/],
    'mixed.json': ['[[1,2,3,4,5],7]', 'data_unreadable', /no array at row 2/],
    'line.jsonl': ['{"t":1}\n{"t":\n', 'data_unreadable', /line 2/],
    'cut.csv.gz': [gzipSync('time,close\n2024-01-01,1\n'.repeat(1000)).subarray(0, 60), 'data_unreadable', /gzip/],
    'torn.csv.gz': [Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'data_unreadable', /no readable gzip/],
    'bomb.csv.gz': [gzipSync(Buffer.alloc(64 * 1024 * 1024, '1,1\n')), 'data_unreadable', /when decompressed/],
    'text.parquet': ['PAR1 is not enough PAR1', 'data_unreadable', /Parquet/],
    'ticks.csv': [
      `time,close\n${[0, 60, 121, 183, 246, 310, 375, 441, 508, 576].map((s) => `${1_700_000_000 + s},1`).join('\n')}\n`,
      'data_unreadable',
      /grid/,
    ],
  };

  it.each(Object.entries(broken))('%s', async (name, [content, code, says]) => {
    await writeFile(join(folder, name), content);
    await expect(load(name, {}, [folder])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as string,
    });
  });

  it('says which part of data: is wrong', async () => {
    await expect(load('epoch-ms.json', { timezone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'invalid_config',
      issues: [{ path: 'data.timezone' }],
    });
    await expect(load('epoch-ms.json', { range: { start: '2030-01-01', end: null } })).rejects.toMatchObject({
      code: 'data_empty',
      message: expect.stringMatching(/data\.range.*2017-08-17/) as string,
    });
    await expect(load('epoch-ms.json', { range: { start: 'soon', end: null } })).rejects.toMatchObject({
      code: 'invalid_config',
      issues: [{ path: 'data.range.start' }],
    });
  });
});
