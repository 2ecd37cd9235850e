import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cache } from '#trainer/cache/cache.ts';
import { toCellKey } from '#trainer/cache/cell-key.ts';
import type { Content } from '#trainer/cache/content-file.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const limit = 2 ** 30;
const key = (settings: unknown, { input = 'bytes', code = 'v1', step = 'features' } = {}) =>
  toCellKey(step, { settings, inputs: [input], code });

const content: Content = {
  meta: { kind: 'test', names: ['a', 'ü'], none: null },
  arrays: {
    doubles: Float64Array.of(-0, NaN, Infinity, 5e-324, 0.1, -1 / 3),
    floats: Float32Array.of(-0, 1.5, NaN),
    rows: Int32Array.of(-1, 2 ** 31 - 1, 7),
    flags: Uint8Array.of(0, 255, 1),
    empty: new Float64Array(0),
  },
};
const bytesOf = (array: Content['arrays'][string]) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const sized = (bytes: number, fill = 1): Content => ({ meta: fill, arrays: { a: new Uint8Array(bytes).fill(fill) } });

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

describe('the cache', () => {
  it('gives back what was kept, bit for bit, with the time that it took', async () => {
    const cache = new Cache(temporaryFolder(), { limit });
    expect(await cache.find(key(1))).toEqual({ state: 'miss', why: 'nothing like it was computed before' });
    expect(await cache.keep(key(1), content, 12.5)).toBeNull();
    const found = await cache.find(key(1));
    if (found.state === 'miss') throw new Error(found.why);
    expect(found.value.meta).toEqual(content.meta);
    for (const [name, array] of Object.entries(content.arrays)) {
      expect(found.value.arrays[name].constructor).toBe(array.constructor);
      expect(bytesOf(found.value.arrays[name])).toEqual(bytesOf(array));
    }
    expect(found.seconds).toBe(12.5);
    expect(await cache.findMeta(key(1))).toMatchObject({ state: 'hit', value: content.meta, id: found.id });
  });

  it('says why there is no hit: other settings, other inputs, other code', async () => {
    const cache = new Cache(temporaryFolder(), { limit });
    await cache.keep(key(1), content, 1);
    await cache.keep(key(1, { step: 'data' }), content, 1);
    const why = async (...args: Parameters<typeof key>) => {
      const found = await cache.find(key(...args));
      return found.state === 'miss' ? found.why : 'hit';
    };
    expect(await why(2)).toBe('it was not computed with these settings before');
    expect(await why(1, { input: 'other' })).toBe('what it is computed from has changed');
    expect(await why(1, { input: 'other', step: 'data' })).toBe('the file has changed');
    expect(await why(1, { code: 'v2' })).toBe('the code that computes it has changed');
    expect(await why(1)).toBe('hit');
  });

  it.each([
    [
      'a flipped bit',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 8] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    [
      'a flipped bit of the header',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[30] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ['a file cut off', (path: string) => truncateSync(path, statSync(path).size - 8)],
    ['an empty file', (path: string) => truncateSync(path, 0)],
    ['another text', (path: string) => writeFileSync(path, 'ALMCONT1 is what it says')],
  ])('takes %s for a miss, says so, and keeps it anew', async (_what, damage) => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit });
    await cache.keep(key(1), content, 1);
    const [path] = filesIn(join(folder, 'contents'));
    damage(path);
    expect(await cache.find(key(1))).toMatchObject({ state: 'miss', why: expect.stringContaining('damaged') });
    expect(await cache.keep(key(1), content, 1)).toBeNull();
    expect((await cache.find(key(1))).state).toBe('hit');
  });

  it('takes a damaged entry for none', async () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit });
    await cache.keep(key(1), content, 1);
    const [path] = filesIn(join(folder, 'keys'));
    writeFileSync(path, '{"key": ');
    expect((await cache.find(key(1))).state).toBe('miss');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(JSON.stringify(key(2))), content: '../../secret' }));
    expect((await cache.find(key(1))).state).toBe('miss');
    await cache.keep(key(1), content, 1);
    expect((await cache.find(key(1))).state).toBe('hit');
  });

  it('keeps one content of two writers of one key, and no draft', async () => {
    const folder = temporaryFolder();
    const caches = [1, 2, 3, 4].map(() => new Cache(folder, { limit }));
    const kept = await Promise.all(caches.map((cache) => cache.keep(key(1), sized(5_000_000), 1)));
    expect(kept).toEqual([null, null, null, null]);
    expect(['keys', 'contents'].map((name) => readdirSync(join(folder, name)).length)).toEqual([1, 1]);
    expect((await caches[0].find(key(1))).state).toBe('hit');
  });

  it('removes what was used longest ago when its limit is passed, and nothing that was used since', async () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit: 350_000 });
    for (const k of [1, 2, 3]) await cache.keep(key(k), sized(100_000, k), 1);
    const old = new Date(Date.now() - 7_200_000);
    for (const path of [...filesIn(join(folder, 'keys')), ...filesIn(join(folder, 'contents'))])
      utimesSync(path, old, old);
    expect((await cache.find(key(1))).state).toBe('hit');
    expect((await cache.find(key(3))).state).toBe('hit');
    await cache.keep(key(4), sized(100_000, 4), 1);
    const states = await Promise.all([1, 2, 3, 4].map(async (k) => (await cache.find(key(k))).state));
    expect(states).toEqual(['hit', 'miss', 'hit', 'hit']);
    expect(readdirSync(join(folder, 'contents'))).toHaveLength(3);
    expect(await cache.keep(key(5), sized(400_000), 1)).toMatch(/more than the .+ of the cache/);
  });

  it('removes a draft that a killed writer left, once nobody can be writing it', async () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit });
    await cache.keep(key(1), content, 1);
    for (const name of ['old', 'new']) writeFileSync(join(folder, 'contents', `.${name}.tmp`), 'half');
    const old = new Date(Date.now() - 7_200_000);
    utimesSync(join(folder, 'contents', '.old.tmp'), old, old);
    await cache.keep(key(2), sized(10), 1);
    expect(readdirSync(join(folder, 'contents')).filter((name) => name.endsWith('.tmp'))).toEqual(['.new.tmp']);
  });

  it('is weighed and cleared; what is cleared is computed anew', async () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit });
    expect(await cache.weigh()).toEqual({ entries: 0, bytes: 0, limit });
    await cache.keep(key(1), sized(1000), 1);
    await cache.keep(key(2), sized(1000), 1);
    const { entries, bytes } = await cache.weigh();
    // Equal content is there once.
    expect([entries, bytes]).toEqual([2, statSync(filesIn(join(folder, 'contents'))[0]).size]);
    expect(await cache.clear()).toEqual({ entries, bytes, limit });
    expect(await cache.weigh()).toEqual({ entries: 0, bytes: 0, limit });
    expect((await cache.find(key(1))).state).toBe('miss');
    expect(await cache.keep(key(1), sized(1000), 1)).toBeNull();
    expect((await cache.find(key(1))).state).toBe('hit');
  });

  it('is weighed by what it has read of its keys, each again once it was written or used', async () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder, { limit });
    await cache.keep(key(1), sized(1000), 1);
    await cache.keep(key(2), sized(2000, 2), 1);
    const whole = await cache.weigh();
    const [path = ''] = filesIn(join(folder, 'keys'));
    const { mtime } = statSync(path);
    utimesSync(path, mtime, mtime);
    expect(await cache.weigh()).toEqual(whole);
    const kept = statSync(path).mtime;
    writeFileSync(path, 'no key');
    utimesSync(path, kept, kept);
    expect(await cache.weigh()).toEqual(whole);
    utimesSync(path, kept, new Date(kept.getTime() + 1000));
    expect((await cache.weigh()).entries).toBe(1);
    expect((await new Cache(folder, { limit }).weigh()).entries).toBe(1);
  });

  it('ends nothing where its folder is none, or cannot be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const blocked = new Cache(join(folder, 'file'), { limit });
    expect(await blocked.find(key(1))).toMatchObject({ state: 'miss', why: expect.stringContaining('cannot be read') });
    expect(await blocked.keep(key(1), content, 1)).toMatch(/cannot be written/);
    expect(await blocked.weigh()).toMatchObject({ entries: 0, bytes: 0 });
    if (process.getuid?.() === 0) return;
    const sealed = join(folder, 'sealed');
    mkdirSync(sealed);
    chmodSync(sealed, 0o500);
    expect(await new Cache(sealed, { limit }).keep(key(1), content, 1)).toMatch(/cannot be written/);
  });

  it('of no size finds and keeps nothing', async () => {
    const folder = temporaryFolder();
    const off = new Cache(folder, { limit: 0 });
    expect(await off.keep(key(1), content, 1)).toBe('the cache is switched off');
    expect(await off.find(key(1))).toEqual({ state: 'miss', why: 'the cache is switched off' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
