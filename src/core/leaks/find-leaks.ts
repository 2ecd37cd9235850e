import { type Bars, sliceBars } from '#core/bars/bars.ts';
import type { Config } from '#core/config/config.ts';
import { countWords } from '#core/count-words.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { segmentRanges } from '#core/features/matrix.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { changeLater } from './change-later.ts';
import { findHindsight } from './hindsight.ts';
import type { LeakFinding, LeakReport } from './leak-report.ts';
import { type Columns, Lookahead, type Sighting } from './lookahead.ts';
import { type Pipeline, runPipeline } from './pipeline.ts';
import { probeRows } from './probe-rows.ts';
import { inputLeaks, splitLeaks, trainLeaks } from './sample-leaks.ts';

/** How thoroughly to look. The same effort on the same bars does the same work on any machine. */
export interface LeakEffort {
  /** Rows that are computed from what was known at their time. */
  readonly rows: number;
  /** Times that all bars after one of these rows are changed. */
  readonly changes: number;
  /** Whether the whole data set is assembled once more, from bars changed after the last train label. */
  readonly dataset: boolean;
}

/** What `almanac check` and the button do. */
export const thorough: LeakEffort = { rows: 300, changes: 8, dataset: true };

/** What a run does before it trains: a fraction of a second, and of the time that loading took. */
export function quickEffort(bars: number): LeakEffort {
  return { rows: 40, changes: Math.min(2, Math.floor(400_000 / bars)), dataset: bars <= 200_000 };
}

export interface LeakSearch {
  readonly bars: Bars;
  readonly config: Config;
  readonly effort: LeakEffort;
  /** By default that of the run. */
  readonly pipeline?: Pipeline;
  /** What `pipeline` makes of the bars, where it is already there. */
  readonly dataset?: Dataset;
  readonly seed?: number;
  /** Called after each piece of work with the share done, 0 … 1. */
  readonly progress?: (share: number) => void;
}

/** Warm-ups after which no seed is left of a recursive filter: 0.1 % of 0.1 % of 0.1 %. */
const settled = 3;

/**
 * Looks for leaks in the features, labels, scaler and splits of a run, by running its pipeline on bars that end earlier
 * or change later (SAMPLES.md#leaks). Pure: the same search gives the same report.
 * @throws AppError what `pipeline.dataset` throws on these bars
 *
 * @example
 * const config = defaultConfig();
 * const { findings } = findLeaks({ bars: sampleMarket({ bars: 5000 }), config, effort: thorough });
 * findings; // []
 */
export function findLeaks(search: LeakSearch): LeakReport {
  const { bars, config, effort, seed = 1, progress = () => {} } = search;
  const pipeline = search.pipeline ?? runPipeline(config);
  const dataset = search.dataset ?? pipeline.dataset(bars);
  const matrix = pipeline.features(bars);
  const toColumns = (tasks: ReturnType<Pipeline['labels']>): Columns => ({
    names: tasks.map(({ name }) => name),
    columns: tasks.map(({ raw }) => raw),
  });
  const labels = toColumns(pipeline.labels(bars));
  const { horizon } = config.targets;
  const ends = labelEnds(bars, horizon);
  const history = settled * (matrix.warmup + 1) + 64;
  const rows = probeRows(bars, matrix.columns, dataset.samples, effort.rows, seed);

  const features = new Lookahead(bars, {
    ...{ compute: (some) => pipeline.features(some), whole: matrix, history },
    until: Int32Array.from(bars.time, (_, row) => row),
  });
  const targets = new Lookahead(bars, {
    ...{ compute: (some) => toColumns(pipeline.labels(some)), whole: labels, history, until: ends },
  });

  // A row computes a few times `history` bars; a change, or the data set once more, all of them.
  const whole = Math.max(1, bars.time.length / (3 * history));
  const work = rows.length + whole * (effort.changes + (effort.dataset ? 1 : 0));
  let done = 0;
  const advance = (part: number) => progress(Math.min(1, (done += part) / work));
  const known = new Map(labels.names.map((name) => [name, [] as number[]]));
  for (const row of rows) {
    features.cutAfter(row);
    targets.cutAfter(row);
    const now = toColumns(pipeline.labels(sliceBars(bars, Math.max(0, row - history), row + 1)));
    labels.columns.forEach((column, t) => {
      const value = now.columns[t].at(-1);
      if (!Number.isNaN(value) && value === column[row]) known.get(labels.names[t])?.push(row);
    });
    advance(1);
  }
  for (let k = 0; k < effort.changes; k++) {
    const row = rows[Math.floor(((k + 0.5) * rows.length) / effort.changes)];
    features.changeAfter(row, seed + k);
    targets.changeAfter(row, seed + k);
    advance(whole);
  }
  const ofFile = Object.keys(config.features.columns);
  const hindsight = findHindsight(bars, ofFile, dataset.samples.train, horizon);
  const findings = [
    ...features.sightings().map((sighting) => toFeature(sighting, bars, rows.length)),
    ...targets.sightings().map((sighting) => toLabel(sighting, bars, rows.length, horizon)),
    ...labels.names.flatMap((name, t) => {
      const labelled = rows.filter((row) => !Number.isNaN(labels.columns[t][row]));
      return toKnown(name, known.get(name) ?? [], labelled.length, bars);
    }),
    ...inputLeaks(dataset, matrix, labels, rows),
    ...splitLeaks(bars, dataset, ends),
    ...hindsight.map((found): LeakFinding => ({ ...found, kind: 'hindsight', time: null, ahead: null })),
  ];
  if (effort.dataset) {
    const { train } = dataset.samples;
    const last = ends[train[train.length - 1]];
    findings.push(...trainLeaks(dataset, pipeline.dataset(changeLater(bars, last, seed))));
    advance(whole);
  }
  const unjudged = ofFile.filter((name) => !hindsight.some((found) => found.name === name));
  const notes = [...notesOf(config, effort, unjudged), ...leftOut(features), ...leftOut(targets)];
  return { columns: matrix.names.length - unjudged.length, rows: rows.length, findings, unjudged, notes };
}

/** Last row that the label of each row may read: `horizon` bars on, or the last of its segment. */
function labelEnds(bars: Bars, horizon: number): Int32Array {
  const ends = new Int32Array(bars.time.length);
  for (const [from, to] of segmentRanges(bars.segment)) {
    for (let row = from; row < to; row++) ends[row] = Math.min(row + horizon, to - 1);
  }
  return ends;
}

function toFeature(sighting: Sighting, bars: Bars, of: number): LeakFinding {
  const message = `${sighting.name} at ${placeOf(sighting, bars)} changes when later bars change: ${reach(sighting, '')}`;
  return { ...toFinding(sighting, bars), kind: 'feature', message: message + share(sighting.rows, of) };
}

function toLabel(sighting: Sighting, bars: Bars, of: number, horizon: number): LeakFinding {
  const message =
    `the label of ${sighting.name} at ${placeOf(sighting, bars)} changes when bars after its horizon of ${horizon} change: ` +
    reach(sighting, ' beyond it');
  return { ...toFinding(sighting, bars), kind: 'label', message: message + share(sighting.rows, of) };
}

/** A label that is there at the bar's own close in every row has nothing to do with the future. */
function toKnown(name: string, rows: readonly number[], labelled: number, bars: Bars): readonly LeakFinding[] {
  if (rows.length === 0 || rows.length < labelled) return [];
  const sighting = { name, row: rows[0], rows: rows.length, ahead: null };
  const message = `the label of ${name} at ${placeOf(sighting, bars)} is known at the bar's own close: it reads no later bar`;
  return [{ ...toFinding(sighting, bars), kind: 'label', message: message + share(rows.length, labelled) }];
}

function toFinding({ name, row, rows, ahead }: Sighting, bars: Bars): Omit<LeakFinding, 'kind' | 'message'> {
  return { name, time: bars.time[row], rows, ahead };
}

function placeOf({ row }: Sighting, bars: Bars): string {
  return timeLabel(bars.time[row]);
}

function reach({ ahead }: Sighting, beyond: string): string {
  if (ahead === null) return `it reads bars far ahead${beyond}, or all of them`;
  return `it reads ${countWords(ahead, 'bar')} ahead${beyond}`;
}

function share(rows: number, of: number): string {
  return rows === 0 ? '' : ` (in ${rows} of ${countWords(of, 'row')})`;
}

/** What no search of this kind can see, and what this one left out. */
function notesOf({ data }: Config, effort: LeakEffort, unjudged: readonly string[]): readonly string[] {
  const notes: string[] = [];
  if (unjudged.length > 0) {
    const were = unjudged.length === 1 ? 'was' : 'were';
    notes.push(
      `whether ${unjudged.join(', ')} ${were} known at the bar's close cannot be seen, only whether a coming return shows in ${unjudged.length === 1 ? 'it' : 'them'}`,
    );
  }
  if (data.outliers !== 'note') {
    const what = data.outliers === 'clip' ? 'pulls in' : 'leaves out';
    notes.push(
      `data.outliers: ${data.outliers} ${what} ticks by what the bars behind them say, which nobody knew then`,
    );
  }
  if (effort.changes === 0)
    notes.push('too many bars to change all later ones at the start of a run: almanac check does');
  if (!effort.dataset) notes.push('too many bars to fit the scaler again at the start of a run: almanac check does');
  return notes;
}

function leftOut(lookahead: Lookahead): readonly string[] {
  const names = lookahead.notCompared();
  return [
    ...(names.length === 0 ? [] : [`${names.join(', ')}: not looked at, on fewer bars there is none`]),
    ...[...lookahead.refused].map(
      ([why, times]) => `${countWords(times, 'computation')} on fewer bars left out: ${why}`,
    ),
  ];
}
