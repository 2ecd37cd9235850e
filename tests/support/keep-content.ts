// Program: keep-content <folder> <bytes>. Keeps one content under one key again and again, until it is ended; says "writing" first.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from '#trainer/cache/cache.ts';
import { toCellKey } from '#trainer/cache/cell-key.ts';

const [folder, bytes] = [process.argv[2], Number(process.argv[3])];
const cache = new Cache(folder, { limit: 2 ** 32 });
const key = toCellKey('test', { settings: bytes, inputs: [], code: '1' });
const arrays = { a: new Uint8Array(bytes).map((_, k) => k % 251) };
process.stdout.write('writing\n');
for (;;) {
  await cache.keep(key, { meta: null, arrays }, 1);
  for (const name of ['keys', 'contents']) rmSync(join(folder, name), { recursive: true, force: true });
}
