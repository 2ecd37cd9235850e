import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunDetail } from '#core/run/summary.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { exitStatus, isLasting } from '#trainer/exit-status.ts';
import { findTrainers } from '#trainer/run-folder/find-trainer.ts';
import { type App, freePort, startApp } from '#tests/support/app.ts';
import { childrenOf, isAlive } from '#tests/support/process-table.ts';
import { eventsOf, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { until } from '#tests/support/until.ts';

/**
 * What a service manager and a container do to Almanac, with the signals that they send: a run is at work, something stops,
 * and the run must come to its end as if nothing had been. Process tables are read from /proc here.
 */
const onLinux = test.skipIf(process.platform !== 'linux');
const project = fileURLToPath(new URL('../..', import.meta.url));

/** The unit that the README offers, by sections. */
function readUnit(): string {
  const readme = readFileSync(join(project, 'README.md'), 'utf8');
  return /```ini\n(\[Unit\][^]*?)```/.exec(readme)?.[1] ?? '';
}

const settingOf = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(readUnit())?.[1] ?? '';

async function ask<T>(url: string, body?: unknown): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, body === undefined ? {} : init);
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

const stateOf = (api: string, id: string) => ask<RunDetail>(`${api}/runs/${id}`);

async function untilState(api: string, id: string, states: readonly string[]): Promise<RunDetail> {
  let run: RunDetail | undefined;
  await until(
    async () => states.includes((run = await stateOf(api, id)).status),
    () => `run ${id} is ${run?.status} (${run?.reason})`,
  );
  return run as RunDetail;
}

/** A run that trains, with a checkpoint behind it. */
async function startRun(api: string, epochs: number): Promise<string> {
  const { id } = await ask<{ id: string }>(`${api}/runs`, { overrides: [...smallRun, `train.epochs=${epochs}`] });
  await until(
    async () =>
      (await ask<{ items: { type: string }[] }>(`${api}/runs/${id}/events?limit=5000`)).items.some(
        ({ type }) => type === 'checkpoint',
      ),
    () => `run ${id} saves nothing`,
  );
  return id;
}

async function startService(): Promise<App> {
  const app = await startApp();
  onTestFinished(() => app.dispose());
  return app;
}

/** The next start of the service on the same home. */
async function startAgain(app: App, env: Record<string, string> = {}): Promise<App> {
  const next = await startApp({ home: app.home, env });
  onTestFinished(() => next.dispose());
  return next;
}

const pidsOf = (app: App) => findTrainers(join(app.home, 'runs')).map(({ identity }) => identity.pid);
const untilGone = (pids: readonly number[]) =>
  until(
    () => !pids.some(isAlive),
    () => `${pids.filter(isAlive).join(', ')} do not end`,
  );

/** The run ended as one that was never stopped: gapless, and of the epochs that it was to have. */
async function expectWhole(app: App, id: string, epochs: number): Promise<void> {
  expect((await untilState(app.api, id, ['completed', 'failed', 'interrupted'])).status).toBe('completed');
  const events = readEvents(join(app.home, 'runs', id));
  expect((await stateOf(app.api, id)).lastSeq).toBe(events.length);
  const done = eventsOf(events, 'progress').map(({ epoch }) => epoch);
  expect(Math.max(...done)).toBe(epochs);
}

/** The attempt has ended by a signal, with the step it had come to saved. */
async function expectSaved(home: string, id: string): Promise<void> {
  const folder = join(home, 'runs', id);
  const events = readEvents(folder);
  expect(events.at(-1)).toMatchObject({ type: 'status', state: 'interrupted', cause: 'signal' });
  const saved = eventsOf(events, 'checkpoint').findLast(({ name }) => name === 'last');
  expect(saved).toBeDefined();
  expect(await readCheckpoint(join(folder, 'checkpoints'), 'last')).not.toBeNull();
}

test('the unit tries again where another try can mend it, and the systemd of this machine understands it', () => {
  const prevented = settingOf('RestartPreventExitStatus').split(' ').map(Number);
  expect(prevented).toEqual(Object.values(exitStatus).filter(isLasting));
  expect([settingOf('KillMode'), settingOf('Restart')]).toEqual(['process', 'on-failure']);
  expect(settingOf('OOMPolicy')).toBe('continue');
});

/** Debian's package systemd brings it. */
const mayVerify = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!mayVerify)('systemd-analyze finds nothing in the unit (skipped where systemd is not installed)', () => {
  const unit = readUnit()
    .replaceAll('/srv/almanac', project.replace(/\/$/, ''))
    .replace(/^User=.*$/m, `User=${userInfo().username}`);
  const path = join(temporaryFolder(), 'almanac.service');
  writeFileSync(path, unit);
  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
});

onLinux('a stop (SIGTERM to the main process) leaves trainers at work, and the next start has them again', async () => {
  const app = await startService();
  const id = await startRun(app.api, 60);
  const [trainer] = pidsOf(app);
  const others = childrenOf(app.pid);
  expect(await app.stop()).toBe(0);
  await untilGone(others);
  expect(app.output()).toContain(`one run goes on without it: ${id}`);
  expect(pidsOf(app)).toEqual([trainer]);
  const next = await startAgain(app);
  expect((await stateOf(next.api, id)).attempt).toBe(1);
  await expectWhole(next, id, 60);
});

onLinux('the end of the main process (SIGKILL) ends page and sidecar, not trainers', async () => {
  const app = await startService();
  const id = await startRun(app.api, 60);
  const [trainer] = pidsOf(app);
  const others = childrenOf(app.pid);
  await app.kill();
  await untilGone(others);
  expect(pidsOf(app)).toEqual([trainer]);
  await expectWhole(await startAgain(app), id, 60);
});

onLinux(
  'a shutdown (SIGTERM to all that is left) saves the step, and ALMANAC_RESUME=auto goes on from it',
  async () => {
    const app = await startService();
    const id = await startRun(app.api, 200);
    expect(await app.stop()).toBe(0);
    const trainers = pidsOf(app);
    expect(trainers).toHaveLength(1);
    for (const pid of trainers) process.kill(pid, 'SIGTERM');
    await untilGone(trainers);
    await expectSaved(app.home, id);
    const next = await startAgain(app, { ALMANAC_RESUME: 'auto' });
    await untilState(next.api, id, ['running', 'completed']);
    expect((await stateOf(next.api, id)).attempt).toBe(2);
    await expectWhole(next, id, 200);
  },
);

onLinux('KillMode=control-group (SIGTERM to every process at once) saves the step as well', async () => {
  const app = await startService();
  const id = await startRun(app.api, 5000);
  const all = [app.pid, ...childrenOf(app.pid), ...pidsOf(app)];
  expect(all).toHaveLength(4);
  const status = app.stop();
  for (const pid of all) process.kill(pid, 'SIGTERM');
  expect(await status).toBe(0);
  await untilGone(all);
  await expectSaved(app.home, id);
  expect(app.output()).not.toContain('starting it again');
});

/** A process tree of its own needs rights that not every machine gives. */
const mayUnshare = process.platform === 'linux' && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

test.skipIf(!mayUnshare)(
  'as process 1 it waits for checkpoint last before it ends (skipped where a process tree of its own cannot be made)',
  async () => {
    const home = temporaryFolder();
    const [port, trainerPort] = [await freePort(), await freePort()];
    const env = { ...process.env, ALMANAC_HOME: home, PORT: String(port), TRAINER_PORT: String(trainerPort) };
    const args = ['-pf', '--mount-proc', '--kill-child', process.execPath, 'trainer/start.ts'];
    const outside = spawn('unshare', args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void outside.kill('SIGKILL'));
    let printed = '';
    for (const stream of [outside.stdout, outside.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
    await until(
      () => printed.includes('Almanac is ready'),
      () => printed,
    );
    const id = await startRun(`http://127.0.0.1:${trainerPort}`, 5000);
    const [first] = childrenOf(outside.pid ?? 0);
    const ended = new Promise<number | null>((done) => outside.once('exit', (code) => done(code)));
    process.kill(first, 'SIGTERM');
    expect(await ended).toBe(0);
    expect(printed).toContain(`all processes end with this one; waiting for checkpoint last of ${id}.`);
    expect(printed).not.toContain('goes on without it');
    await expectSaved(home, id);
  },
);
