/**
 * The sidecar: queues, starts and follows runs, and serves the API (HTTP.md) on TRAINER_PORT. `node
 * trainer/sidecar/main.ts` starts it; stopping it leaves trainers at work, and the next start adopts them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGate } from '#access/gate.ts';
import { serverNames } from '#access/server-names.ts';
import { openSessionKey } from '#access/session-key.ts';
import { createApp } from './app.ts';
import { endWith } from '#trainer/exit-status.ts';
import { farewell } from '#trainer/farewell.ts';
import { localUrl, readSettings, type Settings } from '#trainer/settings/settings.ts';
import { createDataDesk } from './http/data-desk.ts';
import { openEngineMemory } from '#trainer/engine-choice/engine-memory.ts';
import { openGpuReader } from '#trainer/engines/gpu.ts';
import { openRoster, type RosterOptions } from '#trainer/engine-choice/roster.ts';
import type { RunCell } from '#trainer/cells/run-cell.ts';
import type { Launcher } from './runs/launcher.ts';
import { createMachineReader } from './runs/machine-facts.ts';
import { EngineAnswers } from './engine-answers.ts';
import { closeServer, listen } from './server.ts';
import { outliveTerminal } from '#trainer/terminal.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

interface Sidecar {
  readonly port: number;
  readonly url: string;
  readonly workspace: Workspace;
  /** Ends serving. Trainers at work go on. */
  close(): Promise<void>;
}

interface SidecarOptions {
  readonly launcher?: Launcher;
  /** How cells are run; a test gives its own. */
  readonly runCell?: RunCell;
  /** How engines are found and tested; a test gives its own. */
  readonly engines?: Omit<RosterOptions, 'busy' | 'warn'>;
  /** Bytes free on the disk of the runs. */
  readonly freeBytes?: () => Promise<number>;
  readonly warn?: (message: string, error: unknown) => void;
  /** Ms, monotonic: by it a trainer is told to have gone silent. */
  readonly clock?: () => number;
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

function warnOnTerminal(message: string, error: unknown): void {
  process.stderr.write(
    `almanac: ${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

/**
 * Starts the sidecar and returns when it listens.
 * @throws AppError locked, or invalid_request naming the setting where the port is taken.
 *
 * @example
 * const sidecar = await startSidecar(readSettings());
 * await fetch(`${sidecar.url}/health`);
 * await sidecar.close();
 */
export async function startSidecar(settings: Settings, options: SidecarOptions = {}): Promise<Sidecar> {
  const { warn = warnOnTerminal } = options;
  let isAtWork = () => false;
  const roster = openRoster({
    memory: openEngineMemory(join(settings.runs, 'engines.json')),
    ...options.engines,
    busy: () => isAtWork(),
    warn,
  });
  const workspace = await openWorkspace(settings, {
    launcher: options.launcher,
    runCell: options.runCell,
    roster,
    freeBytes: options.freeBytes,
    warn,
    clock: options.clock,
  }).catch(async (error: unknown) => {
    await roster.close();
    throw error;
  });
  isAtWork = () => workspace.supervisor.active().length > 0;
  const answers = new EngineAnswers(roster);
  const gpu = openGpuReader();
  const readMachine = createMachineReader(settings.runs);
  const { db, hub, maker, supervisor, record, names, bin, tables, cache } = workspace;
  const closeParts = async () => {
    gpu.close();
    await roster.close();
    await workspace.close();
  };
  let port = settings.trainerPort;
  const app = createApp({
    db,
    hub,
    maker,
    supervisor,
    record,
    names,
    runsFolder: settings.runs,
    roots: workspace.roots,
    index: workspace.index,
    bin,
    cache,
    tables,
    engines: (wish) => answers.rank(wish),
    machine: async () => {
      const reading = gpu.latest();
      return {
        ...(await readMachine()),
        gpu: reading === undefined ? null : { name: gpu.name(), ...reading },
        gpuNote: gpu.note(),
        sidecar: { rss: process.memoryUsage.rss(), followers: hub.followers, active: [...supervisor.active()] },
      };
    },
    data: createDataDesk(workspace.roots),
    cells: workspace.cells,
    plan: (request) => workspace.plan(request),
    resolveCells: (request) => workspace.resolveCells(request),
    guard: {
      rules: () => ({
        own: serverNames({
          host: settings.host,
          ports: [settings.port, port],
          tls: settings.tls !== null,
          origins: settings.origins,
        }),
      }),
      gate: openOwnGate(settings),
    },
    version,
    log: (error) => warn('A request failed', error),
  });
  try {
    const server = await listen(app.fetch, settings);
    port = (server.address() as { port: number }).port;
    const url = localUrl(settings, port);
    try {
      workspace.lock.announce(url);
    } catch (error) {
      warn('The command line will not find this sidecar: its address cannot be written', error);
    }
    return {
      port,
      url,
      workspace,
      async close() {
        await closeServer(server);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

/** Null where everybody on this machine may call. */
function openOwnGate({ token, readToken, runs, port }: Settings) {
  return token === null ? null : openGate({ token, readToken, sessionKey: openSessionKey(runs), port });
}

async function main(): Promise<void> {
  outliveTerminal();
  const settings = readSettings();
  // Engines are tested, and trainers started, from this process.
  Object.assign(process.env, settings.engineVariables);
  const sidecar = await startSidecar(settings);
  process.stdout.write(`almanac: the trainer's sidecar listens on ${sidecar.url} (API at /docs)\n`);
  if (settings.tokenIsNew) process.stdout.write(`almanac: token for this start: ${settings.token}\n`);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // The starter says it where there is one: with the sidecar alone ended, nothing has changed for the runs.
    if (!process.connected) process.stdout.write(farewell(sidecar.workspace.supervisor.active()));
    sidecar.close().then(
      () => process.exit(0),
      (error: unknown) => {
        warnOnTerminal('Stopping', error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    endWith(error, 'The sidecar could not start');
  });
}
