/**
 * `npm start`: the sidecar and the web app as two children of one terminal. Ctrl+C ends both; trainers that are at
 * work are processes of their own and go on, and the sidecar says which. `npm run dev` (`--dev`) serves the page from its
 * sources, and starts the sidecar anew when its code was changed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from './settings/settings.ts';
import { prepareHome } from './home.ts';
import { outliveTerminal } from './terminal.ts';
import { watchCode } from './watch.ts';

outliveTerminal();

const project = fileURLToPath(new URL('..', import.meta.url));
const dev = process.argv.includes('--dev');
const settings = requireSettings();
const { host, port, trainerPort, home, token, tokenIsNew } = settings;

function requireSettings(): Settings {
  try {
    return readSettings();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(message: string): never {
  process.stderr.write(`almanac: ${message}\n`);
  process.exit(1);
}

/** Resolves when nobody listens on the port; otherwise ends the program with the setting that changes it. */
async function requireFree(name: string, wanted: number): Promise<void> {
  await new Promise<void>((done) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        fail(
          `port ${wanted} is in use, perhaps by another Almanac. Stop that one, or choose another port: ` +
            `${name}=${wanted > 65_000 ? wanted - 100 : wanted + 100} npm start`,
        );
      }
      fail(`cannot listen on ${host}:${wanted}: ${error.message}`);
    });
    probe.listen(wanted, host, () => probe.close(() => done()));
  });
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await fetch(url);
      return true;
    } catch {
      // not yet
    }
    await new Promise((wake) => setTimeout(wake, 100));
  }
  return false;
}

await requireFree('PORT', port);
await requireFree('TRAINER_PORT', trainerPort);
await prepareHome(home);

const env = {
  ...process.env,
  HOST: host,
  PORT: String(port),
  TRAINER_PORT: String(trainerPort),
  ALMANAC_HOME: home,
  // Made up here where none was given, so that both servers ask for the same one.
  ...(token === null ? {} : { ALMANAC_TOKEN: token }),
  // Our own routes limit bodies; adapter-node's limit of 512 KB would refuse what they allow.
  BODY_SIZE_LIMIT: 'Infinity',
};
const children: ChildProcess[] = [];
let stopping = false;
let wasReady = false;

type Ended = (code: number | null, signal: NodeJS.Signals | null) => void;

function start(args: readonly string[], ended: Ended = (code) => void stop(code ?? 0)): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  child.once('exit', ended);
  return child;
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  const ends = children.map((child) =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((done) => {
          child.once('exit', () => done());
          child.kill('SIGTERM');
          setTimeout(() => child.kill('SIGKILL'), 5000).unref();
        }),
  );
  await Promise.all(ends);
  process.exit(code);
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

/** Restarts in the last minute after which a sidecar that keeps dying is not started again. */
const mostRestarts = 5;
const restarts: number[] = [];

/** The sidecar's code was changed: it is ending, and the new one takes its place. */
let isOutdated = false;

/** The sidecar holds no run: when it dies, another takes over and finds the trainers at work. */
function startSidecar(): ChildProcess {
  const child = start(['trainer/sidecar/main.ts'], (code, signal) => {
    children.splice(children.indexOf(child), 1);
    if (isOutdated && !stopping) {
      isOutdated = false;
      sidecar = startSidecar();
      return;
    }
    // Code that does not start, half-written perhaps.
    if (dev && wasReady && !stopping && code !== null && code !== 0) {
      process.stderr.write(`almanac: the sidecar ended (code ${code}); it starts again when its code changes.\n`);
      return;
    }
    const now = Date.now();
    restarts.push(now);
    const recent = restarts.filter((at) => at > now - 60_000).length;
    if (stopping || !wasReady || code === 0 || recent > mostRestarts) return void stop(code ?? 1);
    process.stderr.write(`almanac: the sidecar ended (${signal ?? `code ${code}`}); starting it again.\n`);
    setTimeout(() => {
      if (!stopping) sidecar = startSidecar();
    }, 300);
  });
  return child;
}

let sidecar = startSidecar();
const web = start(
  dev
    ? ['node_modules/vite/bin/vite.js', 'dev', '--host', host, '--port', String(port), '--strictPort']
    : ['trainer/web.ts'],
);
const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
const ready = await Promise.all([
  answers(`http://${shown}:${trainerPort}/health`, sidecar),
  answers(`http://${shown}:${port}/`, web),
]);
if (ready.every(Boolean)) {
  wasReady = true;
  process.stdout.write(
    `\n  Almanac is ready:  http://${shown}:${port}/${tokenIsNew ? `?token=${token}` : ''}\n  API and docs:      http://${shown}:${trainerPort}/docs\n\n`,
  );
}
if (dev) {
  watchCode(project, (path) => {
    process.stdout.write(`almanac: ${path} changed; starting the sidecar again.\n`);
    // One whose code was broken has ended already.
    if (sidecar.exitCode !== null || sidecar.signalCode !== null) sidecar = startSidecar();
    else {
      isOutdated = true;
      sidecar.kill('SIGTERM');
    }
  });
}
