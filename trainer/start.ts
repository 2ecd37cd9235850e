/**
 * `npm start`: the sidecar and the web app as two children of one terminal. Ctrl+C ends both; trainers that are at
 * work are processes of their own and go on, and the sidecar says which.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from './env.ts';
import { prepareHome } from './home.ts';

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
            `${name}=${wanted + 100} npm start`,
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

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  child.once('exit', (code) => void stop(code ?? 0));
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

const sidecar = start(['trainer/main.ts']);
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
  process.stdout.write(
    `\n  Almanac is ready:  http://${shown}:${port}/${tokenIsNew ? `?token=${token}` : ''}\n  API and docs:      http://${shown}:${trainerPort}/docs\n\n`,
  );
}
