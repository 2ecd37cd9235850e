/**
 * Program, started in a mount namespace of its own with a small file system: the app on a disk that is full before it
 * starts. Its arguments are the ALMANAC_HOME on that disk, and `prepare` for the start that makes a home with a run; then one
 * line of JSON says what was answered.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLocalLauncher } from '#trainer/sidecar/runs/launcher.ts';
import { readSettings } from '#trainer/settings/settings.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { findSidecar } from '#trainer/home-lock.ts';
import { fillDisk } from './fill-disk.ts';
import { until } from './until.ts';

const home = process.argv[2];
const filler = join(home, 'filler');
const trainer = fileURLToPath(new URL('./scripted-trainer.ts', import.meta.url));
const warnings: string[] = [];

const start = () =>
  startSidecar(readSettings({ ALMANAC_HOME: home, TRAINER_PORT: '0', PATH: process.env['PATH'] }), {
    launcher: createLocalLauncher(() => ({ SCRIPT: 'scored' }), { program: trainer }),
    engines: { gpus: async () => [], probe: async (name) => ({ name, available: true, device: 'test', version: '0' }) },
    freeBytes: async () => Number.MAX_SAFE_INTEGER,
    warn: (message, error) => void warnings.push(`${message}: ${String(error)}`),
  });

mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
let sidecar = await start();
const ask = async (path: string, method = 'GET', body?: object) => {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(sidecar.url + path, { method, ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Record<string, unknown> };
};
const make = async (): Promise<string> => {
  const { id } = (await ask('/runs', 'POST', {})).body as { id: string };
  await until(
    async () =>
      (await ask(`/runs/${id}`)).body['status'] === 'completed' && sidecar.workspace.supervisor.active().length === 0,
    () => `run ${id} does not end`,
  );
  return id;
};
const [first, binned] = [await make(), await make()];
await ask(`/runs/${binned}`, 'DELETE');
writeFileSync(join(home, 'runs', '.bin', binned, 'predictions.csv'), Buffer.alloc(300_000, 1));
await sidecar.close();

fillDisk(filler);
sidecar = await start();
const found = findSidecar(join(home, 'runs')) === sidecar.url;
const second = await start().then(
  () => 'a second one started',
  (error: Error) => error.message,
);
const seen = {
  found,
  second,
  listed: await ask('/runs'),
  shown: await ask(`/runs/${first}`),
  file: await ask(`/runs/${first}/artifacts/predictions.csv`),
  created: await ask('/runs', 'POST', {}),
  labelled: await ask(`/runs/${first}`, 'PATCH', { name: 'new' }),
  bin: await ask('/runs/bin'),
  health: await ask('/health'),
};
// Without an index, too: it is built in memory then.
await sidecar.close();
for (const name of readdirSync(join(home, 'runs')).filter((file) => file.startsWith('almanac.db')))
  renameSync(join(home, 'runs', name), join(home, 'runs', `kept-${name}`));
fillDisk(filler);
sidecar = await start();
await sidecar.workspace.ready;
const fromMemory = await ask(`/runs/${first}`);
await sidecar.close();
for (const name of readdirSync(join(home, 'runs')).filter((file) => file.startsWith('kept-')))
  renameSync(join(home, 'runs', name), join(home, 'runs', name.slice('kept-'.length)));
sidecar = await start();
const emptied = await ask('/runs/bin', 'DELETE');
const left = readdirSync(join(home, 'runs', '.bin'));
rmSync(filler);
const later = await ask(`/runs/${await make()}`);
const renamed = await ask(`/runs/${first}`, 'PATCH', { name: 'new' });
await sidecar.close();
const isLockLeft = existsSync(join(home, 'runs', 'almanac.lock'));
process.stdout.write(
  `${JSON.stringify({ ...seen, fromMemory, emptied, left, later, renamed, isLockLeft, warnings })}\n`,
);
process.exit(0);
