/**
 * `npm start`: keeps page and sidecar serving, as two children of one terminal or service. Ctrl+C ends both; trainers that
 * are at work are processes of their own and go on. Where all processes end with this one, in a container, trainers save
 * their state first. `npm run dev` (`--dev`) serves the page from its sources, and starts the sidecar anew when its code was
 * changed. How it ends: exit-status.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTls } from '#access/tls-files.ts';
import { AppError } from '#core/error.ts';
import { callableHost } from '#core/guard/listening.ts';
import { endWith, exitStatus } from './exit-status.ts';
import { farewell } from './farewell.ts';
import { prepareHome } from './home.ts';
import { type HomeLock, lockHome, requireNoSidecar } from './home-lock.ts';
import { findTrainers } from './run-folder/find-trainer.ts';
import { localUrl, readSettings, type Settings } from './settings/settings.ts';
import { webEnvironment } from './settings/web-environment.ts';
import { endTrainers } from './starter/end-trainers.ts';
import { KeptProgram } from './starter/kept-program.ts';
import { isListening, requireFree } from './starter/port.ts';
import { isLifeOfAll, makeWayForInit } from './starter/process-one.ts';
import { compileCache, sidecarOptions } from './starter/sidecar-start.ts';
import { outliveTerminal } from './terminal.ts';
import { watchCode } from './watch.ts';

outliveTerminal();

const project = fileURLToPath(new URL('..', import.meta.url));
const usage = 'usage: node trainer/start.ts [--dev]';
const endWithStarter = new URL('./starter/end-with-starter.ts', import.meta.url).href;

/** Ms that a sidecar without a starter, which has just lost it, has to end in. */
const patience = 6000;

/** Ms in which a signal can come a second time of itself: from the terminal, and from npm, which hands it on. */
const echo = 1000;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function say(sentence: string): void {
  process.stderr.write(`almanac: ${sentence}\n`);
}

/** The home, taken: a second one is told who has it before anything else can fail. */
async function takeHome({ home, runs }: Settings): Promise<HomeLock> {
  await prepareHome(home);
  const lock = lockHome(runs, 'starter');
  try {
    for (const end = performance.now() + patience; ; await pause(100)) {
      try {
        requireNoSidecar(runs);
        return lock;
      } catch (error) {
        if (performance.now() > end) throw error;
      }
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws AppError where page and sidecar could not be started. */
async function requireStartable({ host, port, trainerPort }: Settings, dev: boolean): Promise<void> {
  if (!dev && !existsSync(new URL('../build/handler.js', import.meta.url))) {
    throw new AppError(
      'invalid_config',
      'The page was not built. Use npm start, or: node trainer/setup/prepare.mjs build',
    );
  }
  await requireFree({ host, port, setting: 'PORT' });
  await requireFree({ host, port: trainerPort, setting: 'TRAINER_PORT' });
}

function readStartSettings(): Settings {
  const settings = readSettings();
  if (settings.port === settings.trainerPort) {
    throw new AppError(
      'invalid_config',
      `PORT and TRAINER_PORT are both ${settings.port}; expected two ports, one of the page and one of the API.`,
    );
  }
  if (settings.tls !== null) readTls(settings.tls);
  return settings;
}

async function serve(dev: boolean): Promise<void> {
  const settings = readStartSettings();
  const { host, port, trainerPort, runs, token, tokenIsNew } = settings;
  const lock = await takeHome(settings);
  process.once('exit', () => lock.release());
  await requireStartable(settings, dev);
  try {
    lock.announce(`${localUrl(settings, port)}/`);
  } catch (error) {
    say(`a second start will not be told the address: it cannot be written (${String(error)}).`);
  }

  const env = { NODE_COMPILE_CACHE: compileCache, ...process.env, ...webEnvironment(settings) };
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--import', endWithStarter, ...args], {
      cwd: project,
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  const gaveUp = (status: number) => void stop(status);
  const sidecar = new KeptProgram({
    title: 'the sidecar',
    spawn: () => start(...sidecarOptions, 'trainer/sidecar/main.ts'),
    isServing: () => isListening(callableHost(host), trainerPort),
    waitsForCode: dev,
    say,
    gaveUp,
  });
  const page = new KeptProgram({
    title: 'the page',
    spawn: () =>
      dev
        ? start('node_modules/vite/bin/vite.js', 'dev', '--host', host, '--port', String(port), '--strictPort')
        : start('trainer/web.ts'),
    isServing: () => isListening(callableHost(host), port),
    say,
    gaveUp,
  });

  let stoppingSince: number | null = null;
  async function stop(status: number): Promise<void> {
    const now = performance.now();
    if (stoppingSince !== null) {
      if (now - stoppingSince > echo) process.exit(status);
      return;
    }
    stoppingSince = now;
    await Promise.all([page.stop(), sidecar.stop()]);
    if (isLifeOfAll()) {
      const left = await endTrainers(runs, say);
      if (left.length > 0) say(`without checkpoint last ended: ${left.join(', ')}; they resume from the one before.`);
    } else process.stdout.write(farewell(findTrainers(runs).map(({ id }) => id)));
    process.exit(status);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop(exitStatus.stopped));

  const ready = await Promise.all([sidecar.start(), page.start()]);
  if (ready.every(Boolean)) {
    process.stdout.write(
      `\n  Almanac is ready:  ${localUrl(settings, port)}/${tokenIsNew ? `?token=${token}` : ''}\n  API and docs:      ${localUrl(settings, trainerPort)}/docs\n\n`,
    );
  }
  if (dev) {
    watchCode(project, (path) => {
      process.stdout.write(`almanac: ${path} changed; starting the sidecar again.\n`);
      sidecar.renew();
    });
  }
}

makeWayForInit();
const words = process.argv.slice(2);
const unknown = words.find((word) => word !== '--dev');
if (unknown !== undefined) {
  say(`"${unknown}" means nothing here; ${usage}`);
  process.exit(exitStatus.usage);
}
await serve(words.includes('--dev')).catch((error: unknown) => endWith(error, 'Almanac could not start'));
