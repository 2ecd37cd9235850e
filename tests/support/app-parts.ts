import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, killTrainers } from './app.ts';
import { until } from './until.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The web app and the sidecar as two processes of a test, so that one of them can be ended and started again. */
export interface AppParts {
  readonly home: string;
  readonly url: string;
  readonly api: string;
  startSidecar(): Promise<void>;
  /** kill -9. */
  killSidecar(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startAppParts(): Promise<AppParts> {
  const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
  const [port, trainerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const api = `http://127.0.0.1:${trainerPort}`;
  const env = { PORT: String(port), TRAINER_PORT: String(trainerPort), ALMANAC_HOME: home };
  const start = (script: string, address: string) => startPart(script, address, env);
  let sidecar: ChildProcess | null = await start('trainer/sidecar/main.ts', `${api}/health`);
  const web = await start('trainer/web.ts', `${url}/`);
  return {
    home,
    url,
    api,
    async startSidecar() {
      sidecar = await start('trainer/sidecar/main.ts', `${api}/health`);
    },
    async killSidecar() {
      await endPart(sidecar, 'SIGKILL');
      sidecar = null;
    },
    async dispose() {
      await Promise.all([endPart(sidecar, 'SIGTERM'), endPart(web, 'SIGTERM')]);
      killTrainers(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Starts one part of the program and waits until it answers at an address. */
export async function startPart(
  script: string,
  address: string,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  let printed = '';
  const child = spawn(process.execPath, [script], {
    cwd: project,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITEST: '',
      HOST: '127.0.0.1',
      BODY_SIZE_LIMIT: 'Infinity',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk) => (printed += chunk));
  child.stderr?.on('data', (chunk) => (printed += chunk));
  const failure = () => `${script} did not start:\n${printed}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(failure());
    return fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
  }, failure);
  return child;
}

/** Sends a signal to a process, where it is there, and resolves when it has gone. */
export function endPart(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  return new Promise((done) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return done();
    child.once('exit', () => done());
    child.kill(signal);
  });
}
