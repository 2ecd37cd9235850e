import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '#tests/support/app.ts';
import { makeRunFolder, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';
import { until } from '#tests/support/until.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const hasFull = existsSync('/dev/full');

/** Where a program may print to no avail: a disk that is full, a reader that has gone. */
function deafEnds(): Record<string, (words: readonly string[], env: NodeJS.ProcessEnv) => ReturnType<typeof spawn>> {
  return {
    'a full disk': (words, env) => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, words, { env, stdio: ['ignore', full, full] });
      closeSync(full);
      return child;
    },
    nobody: (words, env) => {
      const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout?.destroy();
      child.stderr?.destroy();
      return child;
    },
  };
}

test.skipIf(!hasFull).each(Object.keys(deafEnds()))(
  'a sidecar that prints to %s serves, and ends when asked to',
  async (end) => {
    const port = await freePort();
    const env = { PATH: process.env['PATH'], ALMANAC_HOME: temporaryHome(), TRAINER_PORT: String(port), DEBUG: '' };
    const child = deafEnds()[end]([at('trainer/sidecar/main.ts')], env);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`the sidecar ended with ${child.exitCode}`);
        return fetch(`http://127.0.0.1:${port}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      () => 'the sidecar does not answer',
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  },
);

test.skipIf(!hasFull)('a trainer whose log takes no word trains to the end', async () => {
  const home = temporaryHome();
  const folder = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=1']);
  const env = { PATH: process.env['PATH'], ALMANAC_HOME: home, ALMANAC_THREADS: '1', DEBUG: 'stages' };
  const words = [at('trainer/process/main.ts'), '--run', folder, '--attempt', '1', '--nonce', 'n'];
  const child = deafEnds()['a full disk'](words, env);
  expect(await new Promise((done) => child.once('exit', done))).toBe(0);
  expect(readEvents(folder).at(-1)).toMatchObject({ type: 'status', state: 'completed' });
});

test.skipIf(!hasFull)('a command whose words find no room says so and ends with 1, without a stack', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [at('trainer/cli/almanac.mjs'), 'config'], {
    env: { PATH: process.env['PATH'], ALMANAC_HOME: temporaryHome() },
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr.match(/what was to be printed is lost \(ENOSPC\)/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/\n {4}at /);
});
