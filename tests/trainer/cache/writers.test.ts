import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { failEachCall, withFault } from '#tests/support/failing-disk.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { Cache } from '#trainer/cache/cache.ts';
import { toCellKey } from '#trainer/cache/cell-key.ts';

const program = fileURLToPath(new URL('../../support/keep-content.ts', import.meta.url));
const bytes = 10_000_000;
const key = toCellKey('test', { settings: bytes, inputs: [], code: '1' });
const content = { meta: null, arrays: { a: new Uint8Array(bytes).map((_, k) => k % 251) } };

it('a writer that is killed at any moment leaves nothing that is taken for a result', async () => {
  const folder = temporaryFolder();
  for (const wait of [0, 7, 25]) {
    const child = spawn(process.execPath, [program, folder, String(bytes)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await sleep(wait);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const cache = new Cache(folder, { limit: 2 ** 32 });
    const found = await cache.find(key);
    if (found.state === 'hit') expect(Buffer.compare(found.value.arrays.a as Uint8Array, content.arrays.a)).toBe(0);
    expect(await cache.keep(key, content, 1)).toBeNull();
    expect((await cache.find(key)).state).toBe('hit');
  }
});

it('a disk that fails at any call costs the result that was to be kept, and nothing else', async () => {
  const small = { meta: null, arrays: { a: Float64Array.of(1, 2, 3) } };
  const other = toCellKey('test', { settings: 'other', inputs: [], code: '1' });
  const faults = await failEachCall(async (fault) => {
    const root = temporaryFolder();
    const cache = new Cache(root, { limit: 2 ** 32 });
    await cache.keep(other, small, 1);
    const { end, failed } = await withFault({ ...fault, root }, () => cache.keep(key, { ...small, meta: 'new' }, 1));
    if (!('result' in end)) throw new Error(`It ended with ${String(end.error)}.`);
    const { result } = end;
    if (fault.code === 'ENOSPC' && result !== null) expect(result).toBe('the disk of the cache is full');
    const found = await cache.find(key);
    // A refusal may come when all is written but not yet on the disk: then it is whole.
    if (result === null) expect(found.state).toBe('hit');
    if (found.state === 'hit') expect(found.value).toEqual({ ...small, meta: 'new' });
    expect((await cache.find(other)).state).toBe('hit');
    const folders = ['keys', 'contents'].map((name) => join(root, name)).filter((path) => existsSync(path));
    expect(folders.flatMap((path) => readdirSync(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    return failed;
  });
  expect(faults).toBeGreaterThanOrEqual(2 * 6);
});
