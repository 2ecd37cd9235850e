import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** A checkout that has its packages, and whose kernels were compiled from other sources. */
function checkout(): { readonly root: string; readonly lock: string; run(): ReturnType<typeof spawnSync> } {
  const root = temporaryFolder();
  const modules = join(root, 'node_modules');
  const script = join(root, 'trainer', 'setup', 'prepare.mjs');
  cpSync(join(project, 'trainer', 'setup', 'prepare.mjs'), script);
  cpSync(join(project, 'package-lock.json'), join(root, 'package-lock.json'));
  cpSync(
    join(project, 'trainer', 'engines', 'wasm', 'assembly'),
    join(root, 'trainer', 'engines', 'wasm', 'assembly'),
    {
      recursive: true,
    },
  );
  mkdirSync(modules);
  cpSync(join(project, 'node_modules', '.package-lock.json'), join(modules, '.package-lock.json'));
  symlinkSync(join(project, 'node_modules', 'node'), join(modules, 'node'));
  // The lock is looked at here; the real compiler takes seconds.
  const compiler = join(modules, 'assemblyscript');
  for (const folder of [join(compiler, 'bin'), join(root, 'trainer', 'engines', 'wasm', 'assembly')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(compiler, 'package.json'), '{}');
  writeFileSync(join(compiler, 'bin', 'asc.js'), "require('node:fs').writeFileSync('../kernels.wasm', '');");
  mkdirSync(join(root, '.svelte-kit'));
  return {
    root,
    lock: join(root, '.svelte-kit', 'setup.lock'),
    run: () => spawnSync(process.execPath, [script, 'install'], { encoding: 'utf8', timeout: 240_000 }),
  };
}

const compiled = (root: string) => existsSync(join(root, 'trainer', 'engines', 'wasm', 'kernels.wasm'));

test.each([
  ['is empty and old', ''],
  ['is garbage and old', 'x\n'],
  ['names a process that is gone', '4194304 1'],
  ['names a process whose id another has now', `${process.pid} 1`],
])('a lock that %s is taken over', (_title, text) => {
  const { root, lock, run } = checkout();
  writeFileSync(lock, text);
  utimesSync(lock, 0, 0);
  const { status, stderr } = run();
  expect([status, stderr]).toEqual([0, 'almanac: compiling the kernels of the wasm engine …\n']);
  expect([compiled(root), existsSync(lock)]).toEqual([true, false]);
});

test('the lock of a living set-up is waited for', async () => {
  const { root, lock } = checkout();
  writeFileSync(lock, `${process.pid}`);
  const script = join(root, 'trainer', 'setup', 'prepare.mjs');
  const child = spawn(process.execPath, [script, 'install'], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  await expect.poll(() => said).toBe(`almanac: waiting for another set-up (process ${process.pid}) to finish …\n`);
  expect([compiled(root), child.exitCode]).toEqual([false, null]);
});

/** Mounting needs rights that not every machine gives. */
const mayMount =
  process.platform === 'linux' && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test.skipIf(!mayMount)(
  'a read-only checkout that is up to date needs no lock; one that is not is told so (skipped where nothing can be mounted)',
  () => {
    const { root, run } = checkout();
    const readOnly = () => {
      const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
      const program = [process.execPath, join(root, 'trainer', 'setup', 'prepare.mjs'), 'install'];
      return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', root, ...program], { encoding: 'utf8' });
    };
    const outdated = readOnly();
    expect(outdated.status).toBe(73);
    expect(outdated.stderr).toMatch(/^almanac: packages or page of .* are not up to date, .*as its owner\.\n$/);
    expect(run().status).toBe(0);
    const served = readOnly();
    expect([served.status, served.stderr]).toEqual([0, '']);
  },
);
