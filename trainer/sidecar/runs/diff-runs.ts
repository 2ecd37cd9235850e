import type { Kysely } from 'kysely';
import type { ComparedRun, DiffCell, RunDiff, SplitScores } from '#core/api/run-diff.ts';
import { comparisonHeading, comparisonLead } from '#core/compare/comparison-words.ts';
import { configCells } from '#core/compare/config-cells.ts';
import { recordedRow } from '#core/compare/diff-row.ts';
import { isWithinSeeds } from '#core/compare/seed-spread.ts';
import { lossText } from '#core/config/loss-text.ts';
import { valueAt } from '#core/config/document.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { dayOf } from '#core/run/envelope-words.ts';
import { findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { noScores, type RunToDiff } from './diff-files.ts';
import { inScoreThread, mostForecastBytes } from './in-score-thread.ts';
import { readTargets } from './run-targets.ts';
import { readSurroundings, type Surroundings } from './run-surroundings.ts';
import { shownView, testStateOf } from './seal.ts';
import { readSeeds } from './seed-runs.ts';

interface DiffSources {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
}

/** A run with what its folder says of it. */
interface Known {
  readonly run: StoredRun;
  readonly around: Surroundings;
  /** Its parent as people call it; null where there is none any more. */
  readonly parent: string | null;
}

/**
 * Runs beside each other, the first of which is the base: what differs, what their stored predictions show on common
 * rows, and what both rest on. A run without predictions is compared in all but its scores.
 * @throws AppError too_large where the predictions are together.
 */
export async function diffRuns(
  { db, runsFolder }: DiffSources,
  runs: readonly StoredRun[],
  most: number = mostForecastBytes,
): Promise<RunDiff> {
  const known = await Promise.all(
    runs.map(async (run): Promise<Known> => {
      const parent = run.parent === null ? undefined : await findRun(db, run.parent);
      const around = await readSurroundings(runsFolder, run.id);
      return { run, around, parent: parent === undefined ? null : `R${parent.number}` };
    }),
  );
  const compared = await Promise.all(known.map(async (one) => comparedRun(db, runsFolder, one)));
  const reason = whyNoTest(runs);
  const targets = runs.map((run) => ({ run, targets: readTargets(run) }));
  const told = targets.flatMap(({ run: { id, number, status }, targets: own }): readonly RunToDiff[] =>
    own === null ? [] : [{ id, number, status, ...own }],
  );
  const strange = targets.find((one) => one.targets === null)?.run.number;
  const { validation, test } =
    strange === undefined
      ? await inScoreThread('diff', {
          runsFolder,
          runs: told,
          splits: reason === null ? ['validation', 'test'] : ['validation'],
          most,
        })
      : {};
  const scores = withSeeds(
    validation ?? noScores(`The configuration of R${strange} has no targets that this version knows.`),
    compared,
  );
  const label = ({ number }: { readonly number: number }) => `R${number}`;
  const [base, ...others] = compared;
  const cells = configCells(runs.map(({ config }) => config));
  const rows = cells.flatMap((cell) => cell.rows);
  return {
    heading: comparisonHeading(
      label(base),
      others.map((run) => ({ id: run.id, label: label(run) })),
      scores,
    ),
    lead: comparisonLead(known.map(worded), scores),
    runs: compared,
    cells: [...cells, aroundCell(known), courseCell(known)],
    keys: { different: rows.filter(({ equal }) => !equal).length, all: rows.length },
    validation: scores,
    test: test ?? noScores(reason ?? scores.reason ?? ''),
  };
}

async function comparedRun(db: Kysely<Database>, runsFolder: string, { run, around }: Known): Promise<ComparedRun> {
  const view = shownView(run);
  const { best } = view.checkpoints;
  const batch = valueAt(run.config, ['train', 'batch_size']);
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    status: view.status,
    notebook: run.notebook,
    parent: run.parent,
    createdAt: run.createdAt,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    bestEpoch: best?.epoch ?? null,
    bestStep: best?.step ?? null,
    epochs: view.progress?.epochs ?? null,
    steps: view.progress?.steps ?? null,
    batch: typeof batch === 'number' && around.trainSamples !== null ? Math.min(batch, around.trainSamples) : null,
    loss: lossText(run.config),
    edge: view.results['validation']?.edge ?? null,
    baselines: view.results['validation']?.baselines ?? {},
    test: testStateOf(run),
    testOpenedAt: run.opening?.at ?? null,
    config: around.config,
    seeds: await readSeeds(db, runsFolder, run, around),
  };
}

function worded({ run, around }: Known) {
  const { engine, finishedAt, metrics, evaluation } = shownView(run);
  const { id, number } = run;
  return { id, number, engine, finishedAt, metrics, evaluation, fingerprint: around.fingerprint };
}

/** What runs were made with. */
function aroundCell(known: readonly Known[]): DiffCell {
  const row = (key: string, value: (one: Known) => unknown) => recordedRow(key, known.map(value));
  const packages = new Set(known.flatMap(({ around }) => Object.keys(around.environment?.packages ?? {})));
  return {
    cell: 'around',
    rows: [
      row('data fingerprint', ({ around }) => around.fingerprint),
      row('validation rows', ({ run }) => run.view.evaluation?.validation.key),
      row('test rows', ({ run }) => run.view.evaluation?.test.key),
      row('weights at the start', ({ around, parent }) =>
        around.start === null || around.start === 'random'
          ? around.start
          : `${around.start} of ${parent ?? 'a run that is gone'}`,
      ),
      row('engine', ({ run }) => run.view.engine?.name),
      row('device', ({ run }) => run.view.engine?.device),
      row('engine version', ({ around }) => around.environment?.engineVersion),
      row('Almanac', ({ around }) => around.environment?.version),
      row('code version', ({ around }) => around.code),
      row('commit', ({ around }) => around.environment?.commit),
      row('Node', ({ around }) => around.environment?.node),
      row('system', ({ around }) => around.environment?.os),
      row('processor', ({ around }) => around.environment?.cpu),
      row('cores', ({ around }) => around.environment?.cores),
      ...[...packages].map((name) => row(name, ({ around }) => around.environment?.packages[name] ?? 'none')),
    ],
  };
}

/** How training went. */
function courseCell(known: readonly Known[]): DiffCell {
  const row = (key: string, value: (one: Known) => unknown) => recordedRow(key, known.map(value));
  return {
    cell: 'course',
    rows: [
      row('state', ({ run }) => run.view.status),
      row('attempts', ({ run }) => run.view.attempt),
      row('epochs done', ({ run }) => run.view.progress?.epoch),
      row('best epoch', ({ run }) => run.view.checkpoints['best']?.epoch),
      row('train samples', ({ around }) => around.trainSamples),
      row('seconds', ({ run }) => secondsOf(run)),
      row('samples per second', ({ run }) => rateOf(run)),
    ],
  };
}

function secondsOf({ view: { startedAt, finishedAt } }: StoredRun): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 100) / 10;
}

function rateOf({ view: { progress } }: StoredRun): number | null {
  const rate = progress === null ? NaN : fromEventNumber(progress.samplesPerSecond);
  return Number.isFinite(rate) ? Math.round(rate) : null;
}

/** Each difference beside what seeds alone make of it. */
function withSeeds(scores: SplitScores, [base, ...others]: readonly ComparedRun[]): SplitScores {
  const spreads = new Map(others.map(({ id, seeds }) => [id, seeds.spread]));
  return {
    ...scores,
    runs: scores.runs.map((run) => ({
      ...run,
      scores: run.scores.map((score) => ({
        ...score,
        withinSeeds: isWithinSeeds(
          fromEventNumber(score.difference),
          score.metric,
          base.seeds.spread,
          spreads.get(run.id) ?? {},
        ),
      })),
    })),
  };
}

/** Test scores are shown where all of them are open, so that no run is chosen by the test of another. */
function whyNoTest(runs: readonly StoredRun[]): string | null {
  const list = new Intl.ListFormat('en', { type: 'conjunction' });
  const named = (state: ReturnType<typeof testStateOf>) => runs.filter((run) => testStateOf(run) === state);
  const labels = (some: readonly StoredRun[]) => list.format(some.map(({ number }) => `R${number}`));
  const [none, sealed, open] = [named('none'), named('sealed'), named('open')];
  if (open.length === runs.length) return null;
  const opened = open.flatMap(({ number, opening }) =>
    opening === null ? [] : [`R${number} was opened on ${dayOf(opening.at)}`],
  );
  return [
    ...(sealed.length > 0 ? [`Sealed for ${labels(sealed)}.`] : []),
    ...(none.length > 0 ? [`Not scored yet for ${labels(none)}.`] : []),
    ...(open.length > 0
      ? [
          `${opened.length > 0 ? list.format(opened) : `${labels(open)} ${open.length === 1 ? 'is' : 'are'} open`}; it is not shown here, so that the others are not chosen by it.`,
        ]
      : []),
    ...(sealed.length > 0 ? ['Choose first; then open one, on its own page.'] : []),
  ].join(' ');
}
