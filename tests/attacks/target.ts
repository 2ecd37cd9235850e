import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { childrenOf } from '#tests/support/process-table.ts';
import { smallRun } from '#tests/support/run-folder.ts';
import { runRecord } from '#tests/support/run-record.ts';
import { writeFrozenRun } from '#trainer/run-folder/frozen.ts';
import { type Headers, sendRaw } from './wire.ts';

/** The program, started as a person starts it, around a completed run and with secrets on all sides of its folders. */
export interface Target {
  readonly app: App;
  readonly run: string;
  /** The folder of the run. */
  readonly folder: string;
  /** Text that no answer may hold. */
  readonly canary: string;
  /** The folder around home, data and secrets. */
  readonly around: string;
  /** Both servers: the port, and what stands before a path of the sidecar. */
  readonly servers: readonly {
    readonly name: string;
    readonly port: number;
    readonly prefix: string;
    /** Of the process that answers. */
    readonly pid: number;
  }[];
  /** Digest of everything on disk and of what the program says of its runs. */
  state(): Promise<string>;
  dispose(): Promise<void>;
}

const run = '01hhhhhhhhhhhhhhhhhhhh';
const hour = 3_600_000;

/** Bars as CSV, 400 hours of them. */
export function someBars(extraColumn = ''): string {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const close = (100 + Math.sin(i / 9)).toFixed(3);
    return `${new Date(1_700_000_400_000 + i * hour).toISOString()},100,102,98,${close},5${extraColumn && ',1'}\n`;
  });
  return `time,open,high,low,close,volume${extraColumn && `,${extraColumn}`}\n${rows.join('')}`;
}

export async function startTarget(
  options: { readonly sidecarOnly?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Target> {
  const token = options.env?.['ALMANAC_TOKEN'];
  const headers: Headers = token === undefined ? [] : [['Authorization', `Bearer ${token}`]];
  const around = mkdtempSync(join(tmpdir(), 'almanac-attack-'));
  const canary = `SECRET-${randomUUID()}`;
  const home = join(around, 'home');
  const data = join(around, 'data');
  const folder = join(home, 'runs', run);
  await plantHome(home, data);
  plantSecrets({ around, home, data, folder }, canary);
  const app = await startApp({
    home,
    sidecarOnly: options.sidecarOnly,
    env: { ALMANAC_DATA_DIRS: data, ...options.env },
  });
  return {
    app,
    run,
    folder,
    canary,
    around,
    servers: [
      {
        name: 'sidecar',
        port: app.trainerPort,
        prefix: '',
        pid: childrenOf(app.pid, 'trainer/sidecar/main.ts')[0] ?? app.pid,
      },
      ...(options.sidecarOnly
        ? []
        : [{ name: 'web', port: app.port, prefix: '/api', pid: childrenOf(app.pid, 'trainer/web.ts')[0] ?? 0 }]),
    ],
    async state() {
      const runs = await sendRaw(app.trainerPort, { target: '/runs?limit=500', headers });
      return createHash('sha256').update(digestTree(around)).update(runs.body).digest('hex');
    },
    async dispose() {
      // There is one to stop only where an attack has made it.
      const live = await sendRaw(app.trainerPort, { target: '/runs?status=queued,starting,running,paused', headers });
      for (const [, id] of live.body.matchAll(/"id":"(\w+)"/g)) {
        await sendRaw(app.trainerPort, { method: 'POST', target: `/runs/${id}/cancel`, headers }, 20_000);
      }
      await app.stop();
      rmSync(around, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** A home with a notebook, data, and a run that has completed. */
async function plantHome(home: string, data: string): Promise<void> {
  mkdirSync(join(home, 'runs'), { recursive: true });
  mkdirSync(join(home, 'notebooks', 'data'), { recursive: true });
  mkdirSync(data);
  writeFileSync(join(home, 'notebooks', 'ours.md'), '# Ours\n\n```yaml train\nepochs: 2\n```\n');
  writeFileSync(join(home, 'notebooks', 'data', 'bars.csv'), someBars());
  writeFileSync(join(data, 'more.csv'), someBars());
  const { config } = requireConfig({ overrides: smallRun });
  const record = runRecord({ id: run, name: 'Ours', notebook: 'ours' });
  await writeFrozenRun(join(home, 'runs'), {
    record,
    source: '# Ours\n',
    config,
    overrides: smallRun,
  });
  const folder = join(home, 'runs', run);
  const events = [
    { type: 'status', state: 'running', engine: 'wasm', device: 'cpu' },
    { type: 'metric', step: 1, epoch: 0, values: { 'train.loss': 0.5, '=cmd()': 1 } },
    { type: 'status', state: 'completed' },
  ];
  appendFileSync(
    join(folder, 'events.jsonl'),
    events
      .map((event, i) => `${JSON.stringify({ seq: i + 2, at: record.createdAt, attempt: 1, ...event })}\n`)
      .join(''),
  );
  mkdirSync(join(folder, 'checkpoints', 'best'), { recursive: true });
  for (const name of ['model.json', 'weights.bin', 'manifest.json']) {
    writeFileSync(join(folder, 'checkpoints', 'best', name), '{}');
  }
}

interface Places {
  readonly around: string;
  readonly home: string;
  readonly data: string;
  readonly folder: string;
}

/** The canary in every place that a path which leaves its root would reach. */
function plantSecrets({ around, home, data, folder }: Places, canary: string): void {
  const notebook = `---\ntitle: ${canary}\n---\n\n\`\`\`yaml train\nepochs: 2\n\`\`\`\n`;
  const bars = someBars(canary);
  const siblings = [join(home, 'notebooks-secret'), `${data}-secret`, `${folder}-secret`, `${folder}x`];
  for (const place of [around, home, ...siblings, join(home, 'runs')]) {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'secret.txt'), canary);
    writeFileSync(join(place, 'secret.csv'), bars);
    writeFileSync(join(place, 'secret.md'), notebook);
  }
  writeFileSync(join(home, '.env'), `TOKEN=${canary}\n`);
  writeFileSync(join(folder, '.env'), `TOKEN=${canary}\n`);
  writeFileSync(join(folder, 'control.json'), `{"want":"run","note":"${canary}"}`);
  writeFileSync(join(folder, 'attempt-1.lock'), canary);
  writeFileSync(join(folder, 'half.csv.tmp'), canary);
  symlinkSync(join(around, 'secret.csv'), join(folder, 'link.csv'));
  symlinkSync(around, join(folder, 'out'));
  symlinkSync(around, join(folder, 'checkpoints', 'out'));
  linkSync(join(around, 'secret.csv'), join(folder, 'hard.csv'));
  symlinkSync(join(around, 'secret.md'), join(home, 'notebooks', 'link.md'));
  symlinkSync(join(around, 'secret.csv'), join(home, 'notebooks', 'data', 'link.csv'));
  symlinkSync(around, join(home, 'notebooks', 'data', 'out'));
  symlinkSync(around, join(data, 'out'));
}

/**
 * Every name below a folder with its bytes, links not followed, without the index, which changes by being read, and what the
 * sidecar remembers of its own tests of engines.
 */
function digestTree(root: string): string {
  const hash = createHash('sha256');
  const queue = [''];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort(byName)) {
      const name = join(folder, entry.name);
      if (/almanac\.db|supervisor\.lock$|engines\.json/.test(name)) continue;
      hash.update(`${name}\0`);
      if (entry.isDirectory()) queue.push(name);
      else if (entry.isSymbolicLink()) hash.update(readlinkSync(join(root, name)));
      else hash.update(readFileSync(join(root, name)));
    }
  }
  return hash.digest('hex');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
