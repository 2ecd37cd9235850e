import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, killTrainers } from './app.ts';
import { startProgram, type StartedProgram } from './started-program.ts';

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
  let sidecar = await start('trainer/sidecar/main.ts', `${api}/health`);
  const web = await start('trainer/web.ts', `${url}/`);
  return {
    home,
    url,
    api,
    async startSidecar() {
      sidecar = await start('trainer/sidecar/main.ts', `${api}/health`);
    },
    async killSidecar() {
      await sidecar.end('SIGKILL');
    },
    async dispose() {
      await Promise.all([sidecar.end('SIGTERM'), web.end('SIGTERM')]);
      killTrainers(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Starts one part of the program and waits until it answers at an address. */
export function startPart(
  script: string,
  address: string,
  env: Readonly<Record<string, string>>,
): Promise<StartedProgram> {
  return startProgram(script, [address], { env: { HOST: '127.0.0.1', BODY_SIZE_LIMIT: 'Infinity', ...env } });
}
