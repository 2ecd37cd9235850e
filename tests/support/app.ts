import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinnedFetch } from '#access/pinned-fetch.ts';
import { callableHost } from '#core/guard/listening.ts';
import { readProcess } from './process-table.ts';
import { startProgram } from './started-program.ts';

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** Ends the trainers that this home's runs have left, each by its process id: their command lines name the folder. */
export function killTrainers(home: string): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const words = readProcess(Number(name), 'cmdline').split('\0');
    const isOurs = words.some((word) => word.endsWith('trainer/process/main.ts'));
    if (!isOurs || !words.some((word) => word.startsWith(`${home}/`))) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // The process has ended meanwhile.
    }
  }
}

export interface App {
  readonly home: string;
  /** Process id of what was started. */
  readonly pid: number;
  readonly port: number;
  readonly trainerPort: number;
  /** `http://127.0.0.1:<port>` of the web app; with the address and the scheme of the environment that was given. */
  readonly url: string;
  /** The same of the sidecar. */
  readonly api: string;
  /** All that was printed so far. */
  output(): string;
  /** SIGTERM. Resolves with the status it ended with; null where a signal ended it. */
  stop(): Promise<number | null>;
  /** kill -9, as a crash would end it. */
  kill(): Promise<unknown>;
  /** Stops, and removes the home. */
  dispose(): Promise<void>;
}

export interface AppOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The sidecar alone, without the web app. */
  readonly sidecarOnly?: boolean;
  /** In a process group of its own: Ctrl+C in the terminal of the test is not meant for it. */
  readonly detached?: boolean;
}

/** Starts the program as a person does, on free ports and in a home of its own, and waits until it answers. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'almanac-home-'));
  const [port, trainerPort] = [await freePort(), await freePort()];
  const script = options.sidecarOnly ? 'trainer/sidecar/main.ts' : 'trainer/start.ts';
  const { HOST, ALMANAC_TOKEN: token, ALMANAC_TLS_CERT: cert } = { ...options.env };
  const base = `${cert === undefined ? 'http' : 'https'}://${callableHost(HOST ?? '127.0.0.1')}`;
  const ask = cert === undefined ? fetch : pinnedFetch(readFileSync(cert));
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const api = `${base}:${trainerPort}`;
  const url = `${base}:${port}`;
  const urls = options.sidecarOnly ? [`${api}/health`] : [`${api}/health`, `${url}/`];
  const { pid, output, end } = await startProgram(script, urls, {
    env: { PORT: String(port), TRAINER_PORT: String(trainerPort), ALMANAC_HOME: home, ...options.env },
    detached: options.detached === true,
    ask: (address) => ask(address, { headers }),
  });
  const stop = () => end('SIGTERM');
  return {
    home,
    pid,
    port,
    trainerPort,
    url,
    api,
    output,
    stop,
    kill: () => end('SIGKILL'),
    async dispose() {
      await stop();
      if (process.platform === 'linux') killTrainers(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
