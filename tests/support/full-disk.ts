/**
 * Program, started in a mount namespace of its own with a small file system: the sidecar on a disk that fills up. Prints
 * one line of JSON: what it answered at each stage. Its argument is the ALMANAC_HOME on that disk.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '#trainer/settings/settings.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import { smallRun } from './run-folder.ts';
import { fillDisk } from './fill-disk.ts';
import { until } from './until.ts';

const home = process.argv[2];
const filler = join(home, 'filler');
mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });

interface Answer {
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly status?: string;
    readonly reason?: string | null;
    readonly runs?: unknown[];
    readonly error?: { readonly code: string; readonly message: string };
  };
}

const warnings: string[] = [];
const sidecar = await startSidecar(readSettings({ ALMANAC_HOME: home, TRAINER_PORT: '0', PATH: process.env['PATH'] }), {
  warn: (message, error) => void warnings.push(`${message}: ${String(error)}`),
  // The guard that refuses a run on so small a disk would hide what is looked at here.
  freeBytes: async () => Number.MAX_SAFE_INTEGER,
});

async function ask(path: string, body?: object): Promise<Answer> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(sidecar.url + path, body === undefined ? {} : init);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function untilState(id: string | undefined, states: readonly string[]): Promise<Answer['body']> {
  let body: Answer['body'] = {};
  await until(
    async () => states.includes((body = (await ask(`/runs/${id}`)).body).status ?? ''),
    () => `run ${id} is ${body.status}`,
  );
  return body;
}

const ended = ['completed', 'failed', 'cancelled', 'interrupted'];
const run = (epochs: number) => ({ overrides: [...smallRun, `train.epochs=${epochs}`] });
const folders = () => readdirSync(join(home, 'runs')).filter((name) => /^\.?[0-9a-z]{20,}/.test(name));

// 1. No room at all: no run, and what is there can still be read.
fillDisk(filler);
const refused = await ask('/runs', run(1));
const listed = await ask('/runs');
const foldersRefused = folders();
rmSync(filler);

// 2. The disk fills up while a run trains.
const made = await ask('/runs', run(10_000));
await untilState(made.body.id, ['running', ...ended]);
const trainer = () => findTrainer(join(home, 'runs', made.body.id ?? ''), 1);
fillDisk(filler);
await until(
  () => trainer() === null,
  () => 'the trainer goes on with a full disk',
);
const listedFull = await ask('/runs');
rmSync(filler);
const interrupted = await untilState(made.body.id, ended);

// 3. With room again all is as before.
const later = await untilState((await ask('/runs', run(1))).body.id, ended);
await sidecar.close();
process.stdout.write(
  `${JSON.stringify({ refused, listed, foldersRefused, made, listedFull, interrupted, later, folders: folders(), warnings })}\n`,
);
process.exit(0);
