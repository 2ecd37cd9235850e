import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isLifeOfAll } from '#trainer/starter/process-one.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** A tree from process 1 down; the last is the starter. */
function isLife(...tree: readonly (readonly string[])[]): boolean {
  return isLifeOfAll(tree.length, (pid) => (pid > tree.length ? null : { parent: pid - 1, args: tree[pid - 1] }));
}

const starter = ['/usr/bin/node', 'trainer/start.ts'];

test.each([
  ['process 1 itself', [starter]],
  ['below tini', [['/usr/bin/tini', '--', 'node'], starter]],
  ["below docker's init", [['/sbin/docker-init', '--', 'npm', 'start'], ['npm start'], starter]],
  ['below npm', [['npm start'], starter]],
  ['below our own init', [['sh', '-c', '…', 'almanac-init', '/usr/bin/node'], starter]],
])('the end of a starter that is %s ends all others', (_title, tree) => {
  expect(isLife(...tree)).toBe(true);
});

test.each([
  ['a service', [['/sbin/init'], starter]],
  ['in a shell of a container', [['bash'], starter]],
  ['in a terminal', [['/lib/systemd/systemd'], ['-bash'], ['npm start'], starter]],
])('others outlive a starter that is %s', (_title, tree) => {
  expect(isLife(...tree)).toBe(false);
});

test('where the tree cannot be read, others outlive it', () => {
  expect(isLifeOfAll(7, () => null)).toBe(false);
});

/** A process tree of its own needs rights that not every machine gives. */
const mayUnshare = process.platform === 'linux' && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

/** Runs a script as process 1: it makes way, and prints from below. */
function asProcessOne(script: string) {
  const program = `import { isLifeOfAll, makeWayForInit } from '#trainer/starter/process-one.ts';
    import { spawn } from 'node:child_process';
    import { readdirSync, readFileSync } from 'node:fs';
    makeWayForInit();
    ${script}`;
  const args = ['-pf', '--mount-proc', '--kill-child', process.execPath, '--input-type=module', '-e', program];
  return spawnSync('unshare', args, { cwd: project, encoding: 'utf8', timeout: 120_000 });
}

test.skipIf(!mayUnshare)(
  'as process 1 it makes way for one that reaps (skipped where a process tree of its own cannot be made)',
  () => {
    const { stdout, stderr, status } = asProcessOne(`
    // A child that is left behind: its parent ends at once.
    const orphan = "const { spawn } = require('node:child_process');" +
      "spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();";
    spawn(process.execPath, ['-e', orphan], { stdio: 'ignore' });
    const stats = () => readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).flatMap((name) => {
      try { return [readFileSync('/proc/' + name + '/stat', 'utf8')]; } catch { return []; }
    });
    const left = () => stats().find((stat) => stat.includes('(sleep)') && stat.split(' ')[3] === '1');
    while (!left()) await new Promise((done) => setTimeout(done, 5));
    process.kill(Number(left().split(' ')[0]));
    while (left()) await new Promise((done) => setTimeout(done, 5));
    // The parent ended at once, and is reaped at some time.
    while (stats().some((stat) => / Z /.test(stat))) await new Promise((done) => setTimeout(done, 5));
    console.log(process.pid === 1, isLifeOfAll());
    process.exit(78);`);
    expect([stdout, stderr]).toEqual(['false true\n', '']);
    expect(status).toBe(78);
  },
);

test.skipIf(!mayUnshare)(
  'a signal to process 1 reaches the starter, whose end is that of process 1 (skipped likewise)',
  () => {
    const { stdout, status } = asProcessOne(`
    process.on('SIGTERM', () => { console.log('told'); setTimeout(() => process.exit(0), 300); });
    setInterval(() => {}, 1000);
    process.kill(1, 'SIGTERM');`);
    expect([stdout, status]).toEqual(['told\n', 0]);
  },
);
