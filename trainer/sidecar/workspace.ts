import { statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Kysely } from 'kysely';
import { isSampleSource, parseSampleSource } from '#core/bars/sample-market.ts';
import { AppError } from '#core/error.ts';
import { locateSource } from '#trainer/data/locate.ts';
import { connectDatabase } from './db/connect.ts';
import { forgetKeysBefore } from './db/key-rows.ts';
import type { Database } from './db/schema.ts';
import { createEngineDesk } from './engine-desk.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { prepareHome } from '#trainer/home.ts';
import type { EngineRoster } from '#trainer/engine-choice/roster.ts';
import { Bin } from './runs/run-bin.ts';
import { RunMaker } from './runs/create.ts';
import { freeBytesOf } from './runs/free-space.ts';
import { type HomeLock, lockHome } from './runs/home-lock.ts';
import { Hub } from './runs/hub.ts';
import { createIdMaker } from './runs/id.ts';
import { createLocalLauncher, type Launcher } from './runs/launcher.ts';
import { readNotebook } from './runs/read-notebook.ts';
import { indexMissing, reindex, type ReindexReport } from './runs/reindex.ts';
import { Supervisor } from './runs/supervisor.ts';
import { Tailer } from './runs/tailer.ts';
import { WorkspaceRecord } from './runs/workspace-record.ts';

/** An open `ALMANAC_HOME`: its index, its runs, and the right to start some. One a home at a time. */
export interface Workspace {
  readonly db: Kysely<Database>;
  readonly hub: Hub;
  readonly maker: RunMaker;
  readonly supervisor: Supervisor;
  readonly lock: HomeLock;
  readonly record: WorkspaceRecord;
  readonly bin: Bin;
  readonly roots: readonly string[];
  reindex(): Promise<ReindexReport>;
  /** Trainers at work go on; the next workspace adopts them. */
  close(): Promise<void>;
}

interface WorkspaceOptions {
  readonly launcher?: Launcher;
  /** What is known of the engines; whoever opened it closes it. */
  readonly roster: EngineRoster;
  /** Bytes free on the disk of the runs. */
  readonly freeBytes?: () => Promise<number>;
  readonly warn: (message: string, error: unknown) => void;
}

/** statfs numbers of file systems on which SQLite's WAL cannot work: NFS, SMB, CIFS, Lustre, GPFS. */
const remote = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x0bd00bd0, 0x47504653]);

/**
 * Opens the workspace of these settings, makes its folders, takes the lock, takes up what was running.
 * @throws AppError locked where another Almanac has it.
 */
export async function openWorkspace(settings: Settings, options: WorkspaceOptions): Promise<Workspace> {
  await prepareHome(settings.home);
  const { type } = await statfs(settings.runs);
  if (remote.has(type)) {
    throw new AppError(
      'internal',
      'ALMANAC_HOME lies on a network file system, on which the index cannot be kept safely. Choose a local folder.',
    );
  }
  const lock = lockHome(settings.runs);
  let db: Kysely<Database> | undefined;
  try {
    db = await connectDatabase(join(settings.runs, 'almanac.db'));
    return await assemble(settings, options, lock, db);
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  options: WorkspaceOptions,
  lock: HomeLock,
  db: Kysely<Database>,
): Promise<Workspace> {
  const runsFolder = settings.runs;
  const roots = [settings.notebooks, ...settings.dataDirs];
  const hub = new Hub();
  const tailer = new Tailer({ db, runsFolder, publish: (id, events) => hub.publish(id, events) });
  const desk = createEngineDesk({ roster: options.roster, setting: settings.engine, decided: () => supervisor.wake() });
  const trainerSettings = () => ({
    ALMANAC_HOME: settings.home,
    ALMANAC_DATA_DIRS: settings.dataDirs.join(delimiter),
    ...(settings.engine === null ? {} : { ALMANAC_ENGINE: settings.engine }),
  });
  const supervisor: Supervisor = new Supervisor({
    db,
    runsFolder,
    tailer,
    launcher: options.launcher ?? createLocalLauncher(trainerSettings),
    placesOf: (run) => desk.placesOf(run.config),
    concurrency: settings.concurrency,
    warn: options.warn,
  });
  const maker = new RunMaker({
    db,
    runsFolder,
    readNotebook: (slug) => readNotebook(settings.notebooks, slug),
    checkSource: async (source) => {
      if (isSampleSource(source)) parseSampleSource(source);
      else await locateSource(source, { roots });
    },
    checkEngine: (config) => desk.check(config),
    freeBytes: options.freeBytes ?? (() => freeBytesOf(runsFolder)),
    ingest: (id) => tailer.ingest(id),
    queued: () => {
      options.roster.makeWay();
      supervisor.wake();
    },
    newId: createIdMaker(),
  });
  const record = new WorkspaceRecord({ db, runsFolder });
  const bin = new Bin({ db, runsFolder, record });
  const indexing = { db, runsFolder, tailer, record };
  const report = (result: ReindexReport) => {
    for (const { id, reason } of result.failed) options.warn(`${id} in the runs folder could not be indexed`, reason);
    return result;
  };
  await forgetKeysBefore(db, new Date(Date.now() - 86_400_000).toISOString());
  await bin.recover().catch((error: unknown) => options.warn('The bin could not be put in order', error));
  report(await indexMissing(indexing));
  await supervisor.start();
  return {
    db,
    hub,
    maker,
    supervisor,
    lock,
    record,
    bin,
    roots,
    async reindex() {
      if (supervisor.active().length > 0) {
        throw new AppError('state_conflict', 'Runs are at work. Wait for them, or cancel them, then reindex.');
      }
      return report(await reindex(indexing));
    },
    async close() {
      await supervisor.close();
      await db.destroy();
      lock.release();
    },
  };
}
