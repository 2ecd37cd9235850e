import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { dataSchema } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { readTable } from '#trainer/data/read.ts';
import { defaultLimits } from '#trainer/data/source-file.ts';
import { scale } from '#tests/support/scale.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads and cleans bytes as a file of that name; answers the code of the error, or `read`. */
async function attempt(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const handle = await open(path);
  try {
    const size = Math.max(1, Buffer.byteLength(bytes));
    const table = await readTable({ handle, name, size, limits: { ...defaultLimits, maxRows: 100_000 } });
    cleanBars([table], dataSchema.parse({}));
    return 'read';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  } finally {
    await handle.close();
  }
}

const outcomes = ['read', 'data_unreadable', 'data_empty'];
const cell = fc.oneof(
  fc.constantFrom(
    'time',
    'close',
    '__proto__',
    '2024-01-01',
    '1e999',
    '-0',
    '"',
    '""',
    '\0',
    '1/2/3',
    'NaN',
    '#',
    '1704067200',
    '',
  ),
  fc.string({ maxLength: 12 }),
);

describe('a hostile file is read or refused, never more', () => {
  it.each(['csv', 'tsv', 'txt'])('text of any kind as %s', async (ending) => {
    const line = fc
      .tuple(fc.array(cell, { maxLength: 9 }), fc.constantFrom(',', ';', '\t', '|'))
      .map(([cells, mark]) => cells.join(mark));
    const text = fc
      .tuple(fc.array(line, { maxLength: 20 }), fc.constantFrom('\n', '\r\n', '\r'))
      .map(([lines, end]) => lines.join(end));
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        expect(outcomes).toContain(await attempt(`fuzz.${ending}`, content));
      }),
      { numRuns: scale(150, 50) },
    );
  });

  it.each(['csv', 'json', 'jsonl', 'parquet', 'csv.gz', 'parquet.gz', 'zip'])(
    'bytes of any kind as %s',
    async (ending) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
          expect(outcomes).toContain(await attempt(`fuzz.${ending}`, bytes));
        }),
        { numRuns: scale(100, 33) },
      );
    },
  );

  it.each(['json', 'jsonl'])('JSON of any shape as %s', async (ending) => {
    await fc.assert(
      fc.asyncProperty(fc.json({ depthSize: 'medium' }), async (text) => {
        expect(outcomes).toContain(await attempt(`fuzz.${ending}`, text));
      }),
      { numRuns: scale(150, 50) },
    );
  });

  it.each(['snappy.parquet', 'zstd-index.parquet', 'gzip-epoch.parquet'])(
    '%s with bytes changed or cut off',
    async (name) => {
      const whole = await readFile(new URL(`../../fixtures/bars/${name}`, import.meta.url));
      expect(await attempt(name, whole)).toBe('read');
      const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 }), async (changes, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const damaged = cut === 0 ? bytes.subarray(0, changes[0][0]) : bytes;
          expect(outcomes).toContain(await attempt(name, damaged));
        }),
        { numRuns: scale(150, 50) },
      );
    },
  );

  it('deep nesting, a long row of quotes and a header of reserved names', async () => {
    expect(await attempt('deep.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`)).not.toBe('read');
    expect(await attempt('quotes.csv', '"'.repeat(900_000))).not.toBe('read');
    expect(await attempt('names.csv', '__proto__,constructor,toString\n1,2,3\n')).toBe('data_unreadable');
    expect(await attempt('names.json', '[{"__proto__":{"close":1},"time":1}]')).toBe('data_unreadable');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('a bomb in gzip or a zip, long before it is whole', async () => {
    const json = Buffer.alloc(32 * 1024 * 1024, '[1,');
    const parquet = Buffer.from(json);
    parquet.write('PAR1');
    expect(await attempt('bomb.json.gz', gzipSync(json))).toBe('data_unreadable');
    expect(await attempt('bomb.parquet.gz', gzipSync(parquet))).toBe('data_unreadable');
    expect(await attempt('bomb.zip', zipSync({ 'bomb.json': json }))).toBe('data_unreadable');
    expect(await attempt('bomb.zip', zipSync({ 'bomb.parquet': parquet }))).toBe('data_unreadable');
  });

  it('a zip with bytes changed or cut off', async () => {
    const rows = Array.from({ length: 50 }, (_, k) => `${1_700_000_000 + k * 60},1,1,1,1,1`).join('\n');
    const whole = zipSync({ '../a.csv': Buffer.from(rows), 'b/c.md': Buffer.from(rows) });
    expect(await attempt('whole.zip', whole)).toBe('read');
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 }), async (changes, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        expect(outcomes).toContain(await attempt('changed.zip', cut === 0 ? bytes.subarray(0, changes[0][0]) : bytes));
      }),
      { numRuns: scale(200, 66) },
    );
  });

  it.each(['PK\x03\x04', 'PK\x05\x06', 'PAR1', '\x1f\x8b\x08', '[{"', '{"a":['])(
    'bytes of any kind that begin as %j',
    async (head) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          const content = Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
          expect(outcomes).toContain(await attempt('fuzz.csv', content));
        }),
        { numRuns: scale(60, 20) },
      );
    },
  );

  it('objects of JSON with keys of any kind around tables', async () => {
    const key = fc.constantFrom(
      ...['data', 'index', 'columns', 'schema', 'timestamp', 'indicators', 'result', 'last', 'meta', 'AAPL', 'close'],
      ...['__proto__', '0', '2024-01-01', 'time', 'mid', 'o', 'h', 'l', 'c', '$date', "('Close', 'A')", ''],
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constantFrom(1, 2, null, true, 'x', '2024-01-01', '1704067200'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, async (content) => {
        expect(outcomes).toContain(await attempt('keys.json', JSON.stringify(content)));
      }),
      { numRuns: scale(300, 100) },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('text', () => {
  const rows = ['time,open,high,low,close,volume', '2024-01-01T00:00Z,1,2,1,2,5', '2024-01-01T01:00Z,2,3,2,3,5', ''];

  it.each(['\n', '\r\n', '\r'])('is read with lines ending in %j', async (end) => {
    expect(await attempt('ends.csv', rows.join(end))).toBe('read');
  });

  it('is read as UTF-16 in either order, where a byte order mark says so', async () => {
    const little = Buffer.from(`\uFEFF${rows.join('\n')}`, 'utf16le');
    expect(await attempt('little.csv', little)).toBe('read');
    expect(await attempt('big.csv', Buffer.from(little).swap16())).toBe('read');
  });

  it('larger than a block is read whole, each line once', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, k) => `${1_700_000_000 + k * 60},${k + 1},${k + 2},${k + 1},${k + 2},${k}`,
    );
    const path = join(folder, 'large.csv');
    for (const end of ['\n', '\r\n']) {
      await writeFile(path, lines.join(end));
      const handle = await open(path);
      const table = await readTable({ handle, name: 'large.csv', size: 1, limits: defaultLimits });
      await handle.close();
      expect(table.rows).toBe(60_000);
      expect(cleanBars([table], dataSchema.parse({})).report).toMatchObject({ bars: 60_000, gaps: 0 });
    }
  });
});
