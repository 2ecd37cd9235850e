import { type Bars, sliceBars } from '#core/bars/bars.ts';
import type { Boundaries } from '#core/bars/boundaries.ts';
import type { Config } from '#core/config/config.ts';
import { countWords } from '#core/count-words.ts';
import { AppError } from '#core/error.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { changeLater } from './change-later.ts';
import { findHindsight } from './hindsight.ts';
import type { LeakFinding, LeakReport } from './leak-report.ts';
import { type Columns, Lookahead, type Sighting } from './lookahead.ts';
import { type Pipeline, runPipeline } from './pipeline.ts';
import { probeRows } from './probe-rows.ts';
import { inputLeaks, labelEnd, splitLeaks, trainLeaks } from './sample-leaks.ts';

/** How thoroughly to look. The same effort on the same bars does the same work on any machine. */
export interface LeakEffort {
  /** Rows that are computed from what was known at their time. */
  readonly rows: number;
  /** Bars that they may be computed from, all together: where each needs many there are fewer rows, but eight at least. */
  readonly work: number;
  /** Times that all bars after one of these rows are changed. */
  readonly changes: number;
  /**
   * Bars around such a row, and around the end of the train split, that are changed or compared, besides those that
   * features are computed from; the others are left out.
   */
  readonly span: number;
}

/** What `almanac check` and the button do. */
export const thorough: LeakEffort = { rows: 300, work: Infinity, changes: 8, span: Infinity };

/** What a run does before it trains: the same work however long the file is, and a small share of that of loading. */
export const quick: LeakEffort = { rows: 40, work: 16_000, changes: 2, span: 256 };
const leastRows = 8;

export interface LeakSearch {
  readonly bars: Bars;
  readonly config: Config;
  readonly effort: LeakEffort;
  /** By default that of the run. */
  readonly pipeline?: Pipeline;
  /** What `pipeline` makes of the bars, where it is already there. */
  readonly dataset?: Dataset;
  readonly matrix?: ReturnType<Pipeline['features']>;
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
  const matrix = search.matrix ?? pipeline.features(bars);
  const toColumns = (tasks: ReturnType<Pipeline['labels']>): Columns => ({
    names: tasks.map(({ name }) => name),
    columns: tasks.map(({ raw }) => raw),
  });
  const labels = toColumns(dataset.tasks);
  const { horizon } = config.targets;
  const history = settled * (matrix.warmup + 1) + 64;
  const count = Math.min(effort.rows, Math.max(leastRows, Math.floor(effort.work / history)));
  const rows = probeRows(bars, matrix.columns, dataset.samples, count, seed);

  const features = new Lookahead(bars, {
    compute: (some) => pipeline.features(some),
    whole: matrix,
    history,
    until: (row) => row,
  });
  const targets = new Lookahead(bars, {
    compute: (some) => toColumns(pipeline.labels(some)),
    whole: labels,
    history,
    until: (row) => labelEnd(bars, row, horizon),
  });

  // A row computes a few times `history` bars; a change, or the data set once more, all that it may.
  const whole = Math.max(1, Math.min(bars.time.length, effort.span + history) / (3 * history));
  const work = rows.length + whole * (effort.changes + 1);
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
    features.changeAfter(row, seed + k, effort.span);
    targets.changeAfter(row, seed + k, effort.span);
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
    ...inputLeaks(dataset, matrix, rows),
    ...splitLeaks(bars, dataset, horizon),
    ...hindsight.map((found): LeakFinding => ({ ...found, kind: 'hindsight', time: null, ahead: null })),
  ];
  const fitted = trainPart(pipeline, bars, dataset, effort.span + history);
  const { train } = fitted.dataset.samples;
  const last = labelEnd(fitted.bars, train[train.length - 1], horizon);
  const changed = pipeline.dataset(changeLater(fitted.bars, last, seed), fitted.boundaries);
  findings.push(...trainLeaks(fitted.dataset, changed));
  // Not the sum of the parts, which rounding keeps from being all.
  progress(1);
  const unjudged = ofFile.filter((name) => !hindsight.some((found) => found.name === name));
  const notes = [...notesOf(config, unjudged), ...leftOut(features), ...leftOut(targets)];
  return { columns: matrix.names.length - unjudged.length, rows: rows.length, findings, unjudged, notes };
}

interface Part {
  readonly bars: Bars;
  /** Undefined where they are those of the configuration. */
  readonly boundaries: Boundaries | undefined;
  readonly dataset: Dataset;
}

/**
 * The data set of the bars around the end of the train split, `span` behind it and half as many ahead, or where those make
 * no samples four times as many, and so on up to the whole: what is fitted on rows of train alone is so in any part.
 */
function trainPart(pipeline: Pipeline, bars: Bars, whole: Dataset, span: number): Part {
  const { time } = bars;
  const { splitAt } = whole.report;
  const border = lowerBound(time, splitAt.validationFrom);
  for (let some = span; some < time.length; some *= 4) {
    const [from, to] = [Math.max(0, border - some), Math.min(time.length, border + Math.ceil(some / 2))];
    if (from === 0 && to === time.length) break;
    const testFrom = time[border + Math.floor((to - border) / 2)];
    const boundaries = { validationFrom: splitAt.validationFrom, testFrom, until: null };
    const part = sliceBars(bars, from, to);
    try {
      return { bars: part, boundaries, dataset: pipeline.dataset(part, boundaries) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return { bars, boundaries: undefined, dataset: whole };
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
function notesOf({ data }: Config, unjudged: readonly string[]): readonly string[] {
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
