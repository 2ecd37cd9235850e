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
  let printed = '';
  const start = async (script: string, address: string): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [script], {
      cwd: project,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        VITEST: '',
        HOST: '127.0.0.1',
        PORT: String(port),
        TRAINER_PORT: String(trainerPort),
        ALMANAC_HOME: home,
        BODY_SIZE_LIMIT: 'Infinity',
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
  };
  const end = (child: ChildProcess | null, signal: NodeJS.Signals) =>
    new Promise<void>((done) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return done();
      child.once('exit', () => done());
      child.kill(signal);
    });
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
      await end(sidecar, 'SIGKILL');
      sidecar = null;
    },
    async dispose() {
      await Promise.all([end(sidecar, 'SIGTERM'), end(web, 'SIGTERM')]);
      killTrainers(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
