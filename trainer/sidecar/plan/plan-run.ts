import type { Kysely } from 'kysely';
import { join } from 'node:path';
import { z } from 'zod';
import type { Plan, PlanRequest } from '#core/api/plan.ts';
import type { Speed } from '#core/api/cell-answers.ts';
import { type Config, type Group, groups } from '#core/config/config.ts';
import { completeFile, parseConfig, toFile } from '#core/config/config-file.ts';
import { type ConfigDiff, diffConfigs } from '#core/config/diff.ts';
import type { DatasetReport, SplitName } from '#core/dataset/dataset.ts';
import { AppError, type Issue } from '#core/error.ts';
import { trainingDuration } from '#core/estimate/training-time.ts';
import { estimate } from '#core/estimate/estimate.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { planWords } from '#core/run/plan-words.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import { runFiles } from '#core/run/run-files.ts';
import { stepRecordSchema } from '#core/steps/step-record.ts';
import { type SpeedMemory, trainedAlike } from '#trainer/engine-choice/speed-memory.ts';
import { readRunJson } from '#trainer/run-folder/run-json.ts';
import { findRun, listRuns, queuedRunIds, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { EngineChoice, EngineDesk } from '#trainer/sidecar/engine-desk.ts';
import { findParentBars } from '#trainer/sidecar/runs/parent-bars.ts';
import { fillGroups } from '#trainer/sidecar/runs/require-cell-config.ts';
import type { CellsRequest, ResolvedCells } from '#trainer/sidecar/runs/resolve-cells.ts';
import { trainingVersion } from '#trainer/steps/training-version.ts';
import { type Foresight, Steps, type StepsOptions } from '#trainer/steps/steps.ts';
import { planCells } from './plan-cells.ts';
import type { RunIdentities } from './run-identities.ts';

export interface PlanSources {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly resolve: (request: CellsRequest) => Promise<ResolvedCells>;
  readonly steps: Omit<StepsOptions, 'bars'>;
  readonly engines: Pick<EngineDesk, 'choose'>;
  readonly speeds: SpeedMemory;
  /** The run that keeps a device busy, in words; null where it is free. */
  readonly holderOf: (device: string) => Promise<string | null>;
  readonly identities: RunIdentities;
}

/** A run that the plan is told against, and what is known of its data. */
interface Known {
  readonly run: StoredRun;
  readonly config: Config | null;
  readonly changed: ConfigDiff;
  readonly seconds: Readonly<Partial<Record<'data' | 'features' | 'samples', number>>>;
  /** Windows of each split. */
  readonly samples: Readonly<Record<SplitName, number>> | null;
  readonly rows: number | null;
  readonly baseStep: number | null;
  readonly warmup: number | null;
}

/**
 * What would happen, were it run: which cells are computed and which are there, how long it takes, where it would stand in
 * the queue, and whether there is such a run already. Nothing is made, computed or trained.
 * @throws AppError of the notebook or the parent, where there is none
 */
export async function planRun(request: PlanRequest, sources: PlanSources): Promise<Plan> {
  const { resolve, engines, speeds, identities } = sources;
  const cells = await resolve(request);
  // Nothing is told of what a default stands for.
  const config = fillGroups(cells.groups);
  const issues: Issue[] = [...cells.issues];
  const broken = groups.filter((group) => cells.groups[group] === null);
  const reference = await findReference(request, cells.parent, config, broken, sources);

  let foresight: Foresight | null = null;
  if (!broken.includes('data')) {
    foresight = await foresee(request, cells.parent, config, sources).catch((error: unknown) => {
      issues.push(...issuesOf(cells.place(error), 'data.source'));
      broken.push('data');
      return null;
    });
  }
  let choice: EngineChoice | null = null;
  try {
    choice = engines.choose(config);
  } catch (error) {
    issues.push(...issuesOf(cells.place(error), 'train.engine'));
    if (!broken.includes('train')) broken.push('train');
  }
  const report = foresight?.samples?.report ?? null;
  const samples = report?.samples ?? reference?.samples ?? null;
  const speed = choice && (await speeds.find(config, choice.places[0].device));
  const time = trainingTime(config, choice, speed, samples, report !== null, reference);
  const isRight = broken.length === 0 && cells.config !== null;
  const planned = planCells({
    broken,
    issues,
    steps: foresight?.steps ?? null,
    reference: reference && { name: `R${reference.run.number}`, ...reference },
    training: time.seconds,
  });
  const unknown = planned.some(({ action, seconds }) => action === 'run' && seconds === null);
  const total = planned.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  const result: Omit<Plan, 'words' | 'identical' | 'nextSeed'> = {
    cells: planned,
    estimate: {
      // What the first reading of a file takes is not known before it; of a long training it is little.
      seconds: !isRight || time.seconds === null ? null : total,
      bytes: expectedBytes(config, report, reference),
      basis:
        unknown && time.seconds !== null ? `${time.basis}; what reading the data takes was never measured` : time.basis,
      engine: choice?.name ?? null,
      device: speed?.device ?? null,
    },
    queue: await queueOf(choice, sources),
    rows: rowsOf(cells.parent, foresight, reference),
    issues,
  };
  const unchanged = new Set(groups.filter((group) => reference !== null && !hasChanged(group, reference.changed)));
  const words = planWords(result, unchanged);
  if (!isRight) return { ...result, words, nextSeed: null };
  const parent = request.fork ?? request.parent ?? null;
  const start = request.from === undefined || parent === null ? null : { parent, ...request.from };
  const wish = { config, fingerprint: foresight?.fingerprint ?? null, code: trainingVersion(), start };
  const { run, nextSeed } = await identities.find(wish);
  if (run === null) return { ...result, words, nextSeed: null };
  const { id, number, name, status } = run;
  return { ...result, words, identical: { id, number, name, status }, nextSeed };
}

/** A fork takes the bars of its parent where it can, unless those of the file are asked for. */
async function foresee(
  { bars }: PlanRequest,
  parent: StoredRun | null,
  config: Config,
  { runsFolder, steps }: PlanSources,
): Promise<Foresight> {
  const kept = parent && (await findParentBars({ ...parent, runsFolder }, config, bars));
  return new Steps(config, { ...steps, bars: kept }).foresee();
}

function issuesOf(error: unknown, path: string): readonly Issue[] {
  if (!(error instanceof AppError)) throw error;
  return error.issues.length > 0 ? error.issues : [{ path, message: error.message }];
}

const dataSchema = z.object({
  dataset: z
    .object({
      bars: z.int(),
      baseStep: z.number(),
      warmupBars: z.int(),
      samples: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    })
    .optional(),
  cache: z.array(stepRecordSchema).default([]),
});

/** The parent, else the newest run of the notebook. */
async function findReference(
  request: PlanRequest,
  parent: StoredRun | null,
  config: Config,
  broken: readonly Group[],
  { db, runsFolder }: PlanSources,
): Promise<Known | null> {
  const given = parent ?? (request.parent === undefined ? null : ((await findRun(db, request.parent)) ?? null));
  const [newest] =
    given !== null || request.notebook === undefined
      ? []
      : await listRuns(db, { notebook: request.notebook, sort: '-number', limit: 1, offset: 0 });
  const run = given ?? newest;
  if (run === undefined) return null;
  const data = await readRunJson(join(runsFolder, run.id), runFiles.data, dataSchema);
  return {
    run,
    config: parseConfig(run.config).config,
    // What a cell with a problem means to say is not known.
    changed: Object.fromEntries(
      Object.entries(diffConfigs(completeFile(run.config), toFile(config))).filter(
        ([key]) => !broken.some((group) => key.startsWith(`${group}.`)),
      ),
    ),
    seconds: Object.fromEntries((data?.cache ?? []).map(({ step, seconds, saved }) => [step, seconds + (saved ?? 0)])),
    samples: data?.dataset?.samples ?? null,
    rows: data?.dataset?.bars ?? null,
    baseStep: data?.dataset?.baseStep ?? null,
    warmup: data?.dataset?.warmupBars ?? null,
  };
}

/** How long the training takes, by what was measured of this model on this engine. */
function trainingTime(
  config: Config,
  choice: EngineChoice | null,
  speed: Speed | null,
  samples: Readonly<Record<SplitName, number>> | null,
  isExact: boolean,
  reference: Known | null,
): { readonly seconds: number | null; readonly basis: string } {
  if (choice === null)
    return { seconds: null, basis: 'which engine trains it is not known before the engines are tested' };
  if (samples === null)
    return {
      seconds: null,
      basis: 'how many samples there are is not known before the data is read: run the model cell',
    };
  const counted = isExact || reference === null ? '' : `, with as many samples as R${reference.run.number} had`;
  if (speed !== null) {
    const { seconds } = trainingDuration(config.train, samples, speed);
    const each = `${Math.round(speed.samplesPerSecond).toLocaleString('en')} samples/s`;
    return {
      seconds,
      basis: `this model made ${each} on ${choice.name} on ${day(speed.at)}${counted}; early stopping may end it sooner`,
    };
  }
  const past = reference && pastTraining(config, choice, reference);
  if (past === null) {
    const how = 'run the model cell, which times it';
    return { seconds: null, basis: `this model was never timed on ${choice.name} here: ${how}` };
  }
  const seconds = past.perWindow * config.train.epochs * samples.train;
  return {
    seconds,
    basis: `R${reference?.run.number ?? ''} took ${past.seconds} s for ${past.epochs} epochs of this model on ${choice.name}${counted}`,
  };
}

/** What a run of the same model on the same engine took. */
function pastTraining(config: Config, { name }: EngineChoice, { run, config: before, samples }: Known) {
  const { view, status } = run;
  if (status !== 'completed' || view.engine?.name !== name || view.attempt !== 1) return null;
  if (before === null || samples === null || trainedAlike(before, name) !== trainedAlike(config, name)) return null;
  const [began, ended, epochs] = [view.startedAt, view.finishedAt, view.progress?.epoch ?? 0];
  if (began === null || ended === null || epochs === 0) return null;
  const seconds = (Date.parse(ended) - Date.parse(began)) / 1000;
  return { seconds: Math.round(seconds), epochs, perWindow: seconds / (epochs * Math.max(1, samples.train)) };
}

function expectedBytes(config: Config, report: DatasetReport | null, reference: Known | null): number | null {
  const baseStep = report?.baseStep ?? reference?.baseStep;
  const rows = report?.bars ?? reference?.rows;
  if (baseStep == null || rows == null) return null;
  const { features, warmup } = countFeatures(config.features, baseStep);
  const trainSamples = report?.samples.train ?? reference?.samples?.train;
  return estimate(config, { features, baseStep, warmup, rows, ...(trainSamples === undefined ? {} : { trainSamples }) })
    .bytes;
}

/** Runs of one device go one after another. */
async function queueOf(choice: EngineChoice | null, { db, holderOf }: PlanSources): Promise<Plan['queue']> {
  const queued = await queuedRunIds(db);
  const holders = await Promise.all((choice?.places ?? []).map(({ device }) => holderOf(device)));
  const isFree = holders.length === 0 || holders.includes(null);
  const others = queued.length === 0 ? [] : [`${queued.length} queued before it`];
  const ahead = [...(isFree ? [] : [`${holders[0]} trains on ${choice?.name}`]), ...others];
  return { position: queued.length + 1, ahead: ahead.length === 0 ? null : ahead.join(', ') };
}

/** Where it would be scored on other rows than its parent. */
function rowsOf(parent: StoredRun | null, foresight: Foresight | null, reference: Known | null): string | null {
  const before = parent?.view.evaluation;
  if (parent === null || !before || reference === null) return null;
  const evaluation = foresight?.samples?.evaluation;
  const name = `R${parent.number}`;
  if (evaluation !== undefined) {
    if (evaluation.validation.key === before.validation.key) return null;
    const unscored = { engine: null, finishedAt: null, metrics: { latest: {}, best: {} } };
    const words = rowsDifference({ evaluation, ...unscored }, { evaluation: before, ...unscored });
    return words === null ? null : `${words}, as ${name} has`;
  }
  const keys = Object.keys(reference.changed).filter(
    (key) => (key.startsWith('data.') && key !== 'data.split.sealed') || key.startsWith('targets.'),
  );
  return keys.length === 0 ? null : `may be other rows than those of ${name}: ${keys.join(', ')} changed`;
}

function hasChanged(group: string, changed: ConfigDiff): boolean {
  return Object.keys(changed).some((key) => key.startsWith(`${group}.`));
}

const date = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

function day(iso: string): string {
  return `${date.format(new Date(iso))} UTC`;
}
