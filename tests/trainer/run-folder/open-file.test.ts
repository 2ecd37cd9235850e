import { linkSync, mkdirSync, readFileSync, rmSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { listArtifacts } from '#trainer/sidecar/runs/artifact-list.ts';
import { openRunFile } from '#trainer/run-folder/open-file.ts';

const secret = 'SECRET-5f1c';

/** A run folder with secrets all around it and links to them inside. */
function createFolder(): string {
  const home = temporaryFolder();
  const root = join(home, 'run');
  mkdirSync(join(root, 'checkpoints', 'best'), { recursive: true });
  mkdirSync(join(home, 'run-secret'));
  for (const path of ['secret.txt', 'run-secret/secret.txt', '.env', 'almanac.db'])
    writeFileSync(join(home, path), secret);
  writeFileSync(join(root, 'events.jsonl'), 'events');
  writeFileSync(join(root, 'control.json'), secret);
  writeFileSync(join(root, 'attempt-1.lock'), secret);
  writeFileSync(join(root, '.hidden'), secret);
  writeFileSync(join(root, 'half.tmp'), secret);
  writeFileSync(join(root, 'checkpoints', 'best', 'weights.bin'), 'weights');
  symlinkSync(join(home, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(home, join(root, 'out'));
  symlinkSync('/proc/self/environ', join(root, 'environ'));
  linkSync(join(home, 'secret.txt'), join(root, 'hard.txt'));
  return root;
}

async function read(root: string, path: string): Promise<string | null> {
  const file = await openRunFile(root, path).catch(() => null);
  if (file === null) return null;
  const text = await file.handle.readFile('utf8');
  await file.handle.close();
  return text;
}

test('no way of writing a path leads out of the run folder', async () => {
  const root = createFolder();
  const dots = [
    '..',
    '%2e%2e',
    '%252e%252e',
    '..;',
    '.. ',
    '..%00',
    '...',
    '....',
    '\u2025',
    '.%2e',
    '%c0%ae%c0%ae',
    '..#',
  ];
  const separators = ['/', '\\', '//', '%2f', '%5c', '%252f', '/./', '\u2215', ';/', '\\/'];
  const targets = [
    ...['secret.txt', 'run-secret/secret.txt', '.env', 'almanac.db', 'etc/passwd', 'proc/self/environ'],
    ...['run/control.json', 'run/.hidden', 'run/attempt-1.lock'],
  ];
  let tried = 0;
  for (const dot of dots) {
    for (const separator of separators) {
      for (let depth = 0; depth < 5; depth++) {
        for (const target of targets) {
          const path = `${(dot + separator).repeat(depth)}${target}`;
          for (const form of [path, `/${path}`, `checkpoints/${path}`, decode(path)]) {
            expect([form, await read(root, form)]).toEqual([form, null]);
            tried++;
          }
        }
      }
    }
  }
  expect(tried).toBe(12 * 10 * 5 * 9 * 4);
  for (const path of [
    'link.txt',
    'out/secret.txt',
    'environ',
    'hard.txt',
    'control.json',
    '.hidden',
    'half.tmp',
    '',
    '.',
    'checkpoints',
    'events.jsonl/',
    'events.jsonl\0.txt',
  ]) {
    expect([path, await read(root, path)]).toEqual([path, null]);
  }
  expect(await read(root, 'events.jsonl')).toBe('events');
  expect(await read(root, 'checkpoints/best/weights.bin')).toBe('weights');
  expect((await listArtifacts(root)).map(({ path }) => path)).toEqual(['checkpoints/best/weights.bin', 'events.jsonl']);
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

test('a folder that is exchanged for a link at any moment never gives the secret', async () => {
  const root = createFolder();
  const folder = join(root, 'checkpoints', 'best');
  writeFileSync(join(root, '..', 'weights.bin'), secret);
  let swapping = true;
  const swapper = (async () => {
    while (swapping) {
      renameSync(folder, `${folder}.away`);
      symlinkSync(join(root, '..'), folder);
      await new Promise((next) => setImmediate(next));
      rmSync(folder);
      renameSync(`${folder}.away`, folder);
      await new Promise((next) => setImmediate(next));
    }
  })();
  const seen = new Set<string | null>();
  for (let i = 0; i < 3000; i++) seen.add(await read(root, 'checkpoints/best/weights.bin'));
  swapping = false;
  await swapper;
  expect(seen.has(secret)).toBe(false);
  expect(seen.has('weights')).toBe(true);
});

test('while a checkpoint is replaced its old folder stands in for it', async () => {
  const root = createFolder();
  const folder = join(root, 'checkpoints', 'best');
  renameSync(folder, `${folder}.old`);
  expect(await read(root, 'checkpoints/best/weights.bin')).toBe('weights');
  expect((await listArtifacts(root)).map(({ path }) => path)).toContain('checkpoints/best/weights.bin');
  expect(await read(root, 'checkpoints/best.old/weights.bin')).toBeNull();
  expect(readFileSync(join(`${folder}.old`, 'weights.bin'), 'utf8')).toBe('weights');
});
