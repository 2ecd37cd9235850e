import { createWriteStream, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import BetterSqlite from 'better-sqlite3';
import { defaultConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { writeConfig } from '#core/config/yaml.ts';
import type { EventBody, RunEvent } from '#core/run/event.ts';
import { runFiles } from '#core/run/run-files.ts';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { writeFrozenRun } from '#trainer/run-folder/frozen.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { insertRun, replaceView, viewColumns } from '#trainer/sidecar/db/run-rows.ts';
import { toNewRow } from '#trainer/sidecar/runs/index-run.ts';
import { runRecord } from './run-record.ts';

export const longRunId = '01longlonglonglonglong';

/** What a trainer says in a long run: of a hundred events 90 are metrics (two values each), 5 progress, 4 system, 1 log. */
function bodyOf(seq: number, events: number): EventBody {
  const kind = seq % 100;
  const step = seq * 10;
  if (kind === 7) return { type: 'log', level: 'info', message: `step ${step}` };
  if (kind % 25 === 3) {
    const gpu = { util: seq % 101, memUsed: 1e9 + seq };
    return { type: 'system', step, cpu: seq % 103, rss: 2e8 + seq, tensors: 100, tensorBytes: 1e7, gpu };
  }
  if (kind % 20 === 5) {
    const [epoch, epochs, steps] = [Math.ceil((seq / events) * 100), 100, events * 10];
    return { type: 'progress', epoch, epochs, step, steps, samplesPerSecond: 1000.5, etaSeconds: 12.5 };
  }
  const values = { 'train.loss': 1 / (1 + seq / 1000) + ((seq * 7919) % 1000) / 1e5, 'train.lr': 0.001 / (1 + seq) };
  return { type: 'metric', step, epoch: step / 5000, values };
}

/**
 * Makes a cancelled run of so many events in a home, its log and the index that would be read from it: straight into both, which takes seconds for a million where reading it in would take a minute.
 */
export async function makeLongRun(
  home: string,
  events: number,
  { id = longRunId, number = 1 }: { readonly id?: string; readonly number?: number } = {},
): Promise<{ readonly id: string; readonly folder: string }> {
  const runsFolder = join(home, 'runs');
  mkdirSync(runsFolder, { recursive: true });
  const began = Date.UTC(2026, 0, 1);
  const at = (seq: number) => new Date(began + seq * 250).toISOString();
  const record = runRecord({ id, number, name: 'Long', createdAt: at(1) });
  const config = defaultConfig();
  await writeFrozenRun(runsFolder, { record, source: '', config, overrides: [] });
  const index = join(runsFolder, 'almanac.db');
  const db = await connectDatabase(index);
  await insertRun(db, toNewRow(record, toFile(config), []));

  const writer = new BetterSqlite(index);
  const event = writer.prepare('insert into events (run_id, seq, attempt, type, at, body) values (?, ?, 1, ?, ?, ?)');
  const point = writer.prepare(
    'insert into points (run_id, key, step, attempt, seq, epoch, value) values (?, ?, ?, 1, ?, ?, ?)',
  );
  const folder = join(runsFolder, id);
  const log = createWriteStream(join(folder, 'events.jsonl'));
  let view = emptyRunView();
  let bytes = 0;
  writer.exec('begin');
  for (let seq = 1, text = ''; seq <= events; seq++) {
    const told = { seq, at: at(seq), attempt: 1, ...eventAt(seq, events) } as RunEvent;
    const body = JSON.stringify(told);
    event.run(id, seq, told.type, told.at, body);
    if (told.type === 'metric')
      for (const [key, value] of Object.entries(told.values)) point.run(id, key, told.step, seq, told.epoch, value);
    view = reduceRun(view, told);
    text += `${body}\n`;
    if (text.length < 1 << 20 && seq < events) continue;
    bytes += text.length;
    if (!log.write(text)) await once(log, 'drain');
    text = '';
  }
  writer.exec('commit');
  writer.close();
  await finished(log.end());
  await db.updateTable('runs').set({ last_seq: view.lastSeq, log_offset: bytes }).where('id', '=', id).execute();
  await replaceView(db, id, view);
  await db.destroy();
  return { id, folder };
}

function eventAt(seq: number, events: number): EventBody {
  if (seq === 1) return { type: 'status', state: 'queued' };
  if (seq === 2) return { type: 'status', state: 'running', engine: 'wasm', device: 'WASM' };
  if (seq === events) return { type: 'status', state: 'cancelled' };
  return bodyOf(seq, events);
}

/** Adds small runs that were completed to a home and its index. */
export async function addRuns(home: string, count: number): Promise<void> {
  const runsFolder = join(home, 'runs');
  const db = await connectDatabase(join(runsFolder, 'almanac.db'));
  const config = defaultConfig();
  const [inFile, text] = [toFile(config), writeConfig(config)];
  await db.transaction().execute(async (transaction) => {
    for (let i = 0; i < count; i++) {
      const id = `01many${String(i).padStart(16, '0')}`;
      const createdAt = new Date(Date.UTC(2025, 0, 1) + i * 60_000).toISOString();
      const record = runRecord({ id, number: i + 2, name: `Run ${i}`, createdAt });
      const about = { at: createdAt, attempt: 1 };
      const told: readonly RunEvent[] = [
        { seq: 1, ...about, type: 'status', state: 'queued' },
        { seq: 2, ...about, type: 'metric', step: 1, epoch: 1, values: { 'val.loss': i, 'val.da': 0.5 } },
        { seq: 3, ...about, type: 'status', state: 'completed' },
      ];
      const files = {
        [runFiles.notebook]: '',
        [runFiles.config]: text,
        [runFiles.overrides]: '[]\n',
        [runFiles.record]: `${JSON.stringify(record)}\n`,
        [runFiles.events]: told.map((event) => `${JSON.stringify(event)}\n`).join(''),
      };
      // Not through the program, which has each file on the disk before it goes on.
      mkdirSync(join(runsFolder, id));
      for (const [name, content] of Object.entries(files)) writeFileSync(join(runsFolder, id, name), content);
      const read = {
        log_offset: files[runFiles.events].length,
        ...viewColumns(told.reduce(reduceRun, emptyRunView())),
      };
      await insertRun(transaction, { ...toNewRow(record, inFile, []), ...read });
    }
  });
  await db.destroy();
}

/** A checkpoint of a run whose weights are so many zeros, which take no room on a disk. */
export function makeWeights(runFolder: string, name: string, bytes: number): void {
  const folder = join(runFolder, 'checkpoints', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'weights.bin'), '');
  truncateSync(join(folder, 'weights.bin'), bytes);
  writeFileSync(join(folder, 'manifest.json'), '{}\n');
}
