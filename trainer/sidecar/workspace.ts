import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { isSampleSource, parseSampleSource } from '#core/bars/sample-market.ts';
import { locateSource } from '#trainer/data/locate.ts';
import { IndexFile } from './db/index-file.ts';
import { findRun, renameNotebooks } from './db/run-rows.ts';
import { forgetKeysBefore } from './db/key-rows.ts';
import type { Database } from './db/schema.ts';
import { type CellDesk, createCellDesk } from './cell-desk.ts';
import { createEngineDesk } from './engine-desk.ts';
import { planRun, type PlanSources } from './plan/plan-run.ts';
import { rememberSources } from './plan/remember-sources.ts';
import { RunIdentities } from './plan/run-identities.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import type { Plan, PlanRequest } from '#core/api/plan.ts';
import { openSpeedMemory } from '#trainer/engine-choice/speed-memory.ts';
import type { RunCell } from '#trainer/cells/run-cell.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { prepareHome } from '#trainer/home.ts';
import type { EngineRoster } from '#trainer/engine-choice/roster.ts';
import { Cache } from '#trainer/cache/cache.ts';
import { Bin } from './runs/run-bin.ts';
import { RunMaker } from './runs/create.ts';
import { freeBytesOf } from '#disk/free-bytes.ts';
import { type HomeLock, lockHome } from '#trainer/home-lock.ts';
import { Herald } from './runs/herald.ts';
import { Hub } from './runs/hub.ts';
import { toSummary } from './runs/describe-run.ts';
import { readStanding } from './runs/standing.ts';
import { createIdMaker } from './runs/id.ts';
import { createLocalLauncher, type Launcher, trainerEnvironment } from './runs/launcher.ts';
import { NotebookNames } from './runs/notebook-names.ts';
import { readNotebook } from './runs/read-notebook.ts';
import { type CellsRequest, resolveCells, type ResolvedCells } from './runs/resolve-cells.ts';
import { Indexer } from './runs/indexer.ts';
import { sweepLeftovers } from './runs/leftovers.ts';
import { Supervisor } from './runs/supervisor.ts';
import { Tailer } from './runs/tailer.ts';
import { sweepBars } from './runs/sweep-bars.ts';
import { RunTables } from './table/run-tables.ts';
import { WorkspaceRecord } from './runs/workspace-record.ts';

/** An open `ALMANAC_HOME`: its index, its runs, and the right to start some. One a home at a time. */
export interface Workspace {
  readonly db: Kysely<Database>;
  readonly hub: Hub;
  readonly maker: RunMaker;
  readonly supervisor: Supervisor;
  readonly lock: HomeLock;
  readonly record: WorkspaceRecord;
  readonly names: NotebookNames;
  readonly bin: Bin;
  readonly cells: CellDesk;
  /** What a run of this request would come to. */
  readonly plan: (request: PlanRequest) => Promise<Plan>;
  /** The cells of a request as far as they can be worked with. */
  readonly resolveCells: (request: CellsRequest) => Promise<ResolvedCells>;
  readonly cache: Cache;
  readonly roots: readonly string[];
  readonly index: Indexer;
  readonly tables: RunTables;
  readonly file: IndexFile;
  /** Resolves when the index is up to the run folders, and what was running is taken up. */
  readonly ready: Promise<void>;
  /** Trainers at work go on; the next workspace adopts them. */
  close(): Promise<void>;
}

interface WorkspaceOptions {
  readonly launcher?: Launcher;
  /** How cells are run; a test gives its own. */
  readonly runCell?: RunCell | undefined;
  /** What is known of the engines; whoever opened it closes it. */
  readonly roster: EngineRoster;
  /** Bytes free on the disk of the runs. */
  readonly freeBytes?: () => Promise<number>;
  readonly warn: (message: string, error: unknown) => void;
  /** Ms, monotonic: by it a trainer is told to have gone silent. */
  readonly clock?: () => number;
}

/** Ms until indexing that failed is tried again. */
const indexAgainAfter = 5000;

/**
 * Opens the workspace of these settings, makes its folders and takes the lock. Indexing, and taking up what was running,
 * goes on behind: `ready` tells when that is done.
 * @throws AppError locked where another Almanac has it; as prepareHome.
 */
export async function openWorkspace(settings: Settings, options: WorkspaceOptions): Promise<Workspace> {
  await prepareHome(settings.home);
  const lock = lockHome(settings.runs);
  await sweepLeftovers({ runsFolder: settings.runs, notebooks: settings.notebooks }).catch((error: unknown) =>
    options.warn('What a stop left half made could not be removed', error),
  );
  try {
    const workspace = assemble(settings, options, lock, await IndexFile.open({ runsFolder: settings.runs }));
    // Before a run is asked for: what it is indexed under depends on it.
    await workspace.names.look();
    return workspace;
  } catch (error) {
    lock.release();
    throw error;
  }
}

function assemble(settings: Settings, options: WorkspaceOptions, lock: HomeLock, file: IndexFile): Workspace {
  const { db } = file;
  const { warn } = options;
  const runsFolder = settings.runs;
  const roots = [settings.notebooks, ...settings.dataDirs];
  const hub = new Hub();
  const tailer = new Tailer({
    db,
    runsFolder,
    publish: (id, events) => {
      hub.publish(id, events);
      herald.note(id, events);
    },
    restarted: (id) => hub.restart(id),
  });
  const names = new NotebookNames({
    ...{ notebooks: settings.notebooks, runsFolder, warn },
    renamed: async (changed) => {
      for (const id of await renameNotebooks(db, changed)) hub.noteChange(id);
    },
  });
  const desk = createEngineDesk({ roster: options.roster, setting: settings.engine, decided: () => supervisor.wake() });
  const trainerSettings = () => ({
    ALMANAC_HOME: settings.home,
    ALMANAC_DATA_DIRS: settings.dataDirs.join(delimiter),
    ALMANAC_CACHE: settings.cache,
    ALMANAC_CACHE_LIMIT: String(settings.cacheLimit / 1024 ** 3),
    ...(settings.engine === null ? {} : { ALMANAC_ENGINE: settings.engine }),
  });
  const supervisor: Supervisor = new Supervisor({
    db,
    runsFolder,
    tailer,
    launcher: options.launcher ?? createLocalLauncher(trainerSettings),
    placesOf: (run) => desk.placesOf(run.config),
    concurrency: settings.concurrency,
    resume: settings.resume,
    warn: options.warn,
    clock: options.clock,
    changed: (id) => {
      hub.noteChange(id);
      herald.noteSilence(id, supervisor.stalledSince(id) !== null);
    },
  });
  const herald = new Herald({
    ...settings.webhook,
    describe: async (id) => {
      const run = await findRun(db, id);
      return run && toSummary(run, await readStanding({ db, supervisor }));
    },
    warn,
  });
  const sources = { db, runsFolder, readNotebook: (slug: string) => readNotebook(settings.notebooks, slug) };
  const cache = new Cache(settings.cache, { limit: settings.cacheLimit });
  const speeds = openSpeedMemory(join(runsFolder, 'speeds.json'), { warn });
  const holderOf = async (device: string) => {
    const holder = supervisor.holderOf(device);
    const run = holder === null ? undefined : await findRun(db, holder);
    return run === undefined ? null : `R${run.number}`;
  };
  const planSources: PlanSources = {
    ...{ db, runsFolder, engines: desk, speeds, holderOf },
    resolve: (request) => resolveCells(request, sources),
    steps: { cache, kept: new KeptBars(runsFolder), roots, identify: rememberSources() },
    identities: new RunIdentities(db, runsFolder),
  };
  const cells = createCellDesk({
    roots,
    runsFolder,
    env: () => ({ ...trainerEnvironment(), ...trainerSettings() }),
    engines: desk,
    speeds,
    holderOf,
    makeWay: () => options.roster.makeWay(),
    run: options.runCell,
  });
  const maker = new RunMaker({
    ...sources,
    checkSource: async (source) => {
      if (isSampleSource(source)) parseSampleSource(source);
      else await locateSource(source, { roots });
    },
    checkEngine: (config) => desk.check(config),
    freeBytes: options.freeBytes ?? (() => freeBytesOf(runsFolder)),
    async stocked() {
      await index.stocked();
      await names.look();
    },
    ingest: (id) => tailer.ingest(id),
    queued: () => {
      options.roster.makeWay();
      supervisor.wake();
    },
    newId: createIdMaker(),
  });
  const record = new WorkspaceRecord({ db, runsFolder });
  const bin = new Bin({
    ...{ db, runsFolder, record },
    sweepBars: () =>
      sweepBars(runsFolder).catch((error: unknown) => {
        warn('Bars that no run needs any more could not be removed', error);
        return 0;
      }),
  });
  const index: Indexer = new Indexer({
    ...{ file, runsFolder, tailer, record, warn },
    nameOf: (notebook, createdAt) => names.nameOf(notebook, createdAt),
    exchanged: () => {
      hub.forget();
      tables.forget();
    },
    between: (work) => maker.between(work),
  });
  const tables: RunTables = new RunTables({ db, index, supervisor });
  if (file.note !== null) warn('The index', file.note);
  const closing = new AbortController();
  /** On a full disk it is tried until there is room; what the index holds is served meanwhile. */
  async function indexAll(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await names.look();
        await bin.recover().catch((error: unknown) => warn('The bin could not be put in order', error));
        await index.start(closing.signal);
        await forgetKeysBefore(db, new Date(Date.now() - 86_400_000).toISOString());
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        warn('The run folders cannot be indexed', error);
        await sleep(indexAgainAfter, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }
  const ready = supervisor.start(indexAll());
  return {
    db,
    hub,
    maker,
    supervisor,
    lock,
    record,
    names,
    bin,
    cells,
    plan: (request) => planRun(request, planSources),
    resolveCells: (request) => resolveCells(request, sources),
    cache,
    roots,
    index,
    tables,
    file,
    ready,
    async close() {
      closing.abort();
      await cells.close();
      await tables.close();
      await Promise.all([supervisor.close(), tailer.close()]);
      await ready;
      await herald.close();
      await db.destroy();
      lock.release();
    },
  };
}
