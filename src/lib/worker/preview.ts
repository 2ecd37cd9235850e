import type { Bars } from '#core/bars/bars.ts';
import { type Boundaries, findBoundaries, rowsBeforeTest } from '#core/bars/boundaries.ts';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import { type Histogram, histogram } from '#core/chart/histogram.ts';
import type { Config, ConfigGroups } from '#core/config/config.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { type LabelCount, countLabels } from '#core/dataset/labels.ts';
import { type Remedy, findRemedies } from '#core/dataset/remedies.ts';
import { AppError, type ErrorCode, type Issue } from '#core/error.ts';
import { writeInstant } from '#core/time/range.ts';
import { computeFeatures, type FeatureMatrix } from '#core/features/matrix.ts';
import { isTooLittle } from './too-little.ts';

/** The cells that a preview is worked out from; null for one that has a problem. */
export type PreviewCells = Pick<ConfigGroups, 'features' | 'targets' | 'model'> & Pick<Config, 'data'>;

/** What is said of bars beside their bytes. */
export interface PreviewedBars {
  /** Distance of two bars, ms. */
  readonly step: number;
  /** Further columns, by name in order. */
  readonly names: readonly string[];
  /** Where the splits of the whole source begin, where these are only its newest bars; null where they are all. */
  readonly boundaries: Boundaries | null;
}

/** Feature columns before they are scaled, in the model's order. */
export interface FeatureColumns {
  readonly names: readonly string[];
  readonly timeframes: readonly string[];
  /** The longest warm-up of all, bars. */
  readonly warmup: number;
  /** Values of the newest rows before the test, a column each; NaN where there is none. */
  readonly columns: readonly Float32Array[];
  /** Opening time of those rows, ms. */
  readonly time: Float64Array;
  readonly histograms: readonly Histogram[];
  /** How many rows, before the test, the histograms are of. */
  readonly rows: number;
  /** How many there are: more where these are the newest alone. */
  readonly of: number;
}

/** The samples that data, features, labels and windows leave. */
export interface Samples {
  readonly report: DatasetReport;
  /** Columns of the model's input: those that are not constant. */
  readonly features: number;
}

interface PreviewFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly issues: readonly Issue[];
  /**
   * What the bars lack of which there are only the newest, to stand behind "data"; a run takes them all and need not fail.
   * Null where it would.
   */
  readonly lack: string | null;
}

/** What one part comes to; errors travel as values, because a class does not survive the way between threads. */
export type Part<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: PreviewFailure };

/** What a notebook page shows before anything is trained; null for a part that a cell with a problem belongs to. */
export interface Preview {
  readonly columns: Part<FeatureColumns> | null;
  readonly labels: Part<LabelCount> | null;
  readonly samples: Part<Samples> | null;
}

/** Rows of feature values that a picture is drawn from. */
export const shownRows = 3000;

/**
 * Bars and cells to preview, by the same code that the trainer runs: the numbers are those it will see. What needs no
 * cell with a problem is worked out, and a part that fails takes no other with it.
 *
 * @param buffer bars as `encodeBars` writes them, with the further columns `names`, in order
 */
export function answerPreview(
  buffer: ArrayBuffer,
  { step, names, boundaries: ofAll }: PreviewedBars,
  { data, features, targets, model }: PreviewCells,
): Preview {
  const bars = decodeBars(buffer, step, names);
  const { timezone } = data;
  const { boundaries, notes } = settleBoundaries(bars, data, ofAll);
  if (ofAll !== null && ofAll.testFrom <= bars.time[0]) {
    const part = lacking(bars, 'are all of the test split');
    return {
      columns: features && part,
      labels: targets && part,
      samples: features && targets && model && part,
    };
  }
  const matrix = features && settle(() => computeFeatures(bars, features, { timezone }));
  return {
    columns: matrix && andThen(matrix, (found) => drawColumns(bars, found, ofAll ?? boundaries)),
    labels: targets && settle(() => countLabels(bars, data, targets, boundaries)),
    samples:
      matrix &&
      features &&
      targets &&
      model &&
      ofNewest(
        bars,
        ofAll,
        andThen(matrix, (found) => {
          const dataset = assembleDataset(bars, { data, features, targets, model }, boundaries, found);
          const { report } = dataset;
          return { report: { ...report, notes: [...report.notes, ...notes] }, features: dataset.names.length };
        }),
      ),
  };
}

/** A part that finds too little in bars which are only the newest of their source says nothing of a run. */
function ofNewest<Value>(bars: Bars, ofAll: Boundaries | null, part: Part<Value>): Part<Value> {
  if (ofAll === null || part.ok || !isTooLittle(part.failure)) return part;
  return lacking(bars, 'have too few before the test');
}

function lacking(bars: Bars, what: string): Extract<Part<never>, { ok: false }> {
  const newest = `the newest ${bars.time.length.toLocaleString('en')}`;
  const lack = `has more bars than the preview holds: ${newest}, which ${what}; a run takes them all`;
  return { ok: false, failure: { code: 'split_too_small', message: `data ${lack}`, issues: [], lack } };
}

/** What would keep more of the rows; nothing where a cell that they depend on has a problem. */
export function answerRemedies(
  buffer: ArrayBuffer,
  { step, names, boundaries: ofAll }: PreviewedBars,
  { data, features, targets, model }: PreviewCells,
): readonly Remedy[] {
  if (!features || !targets || !model) return [];
  const bars = decodeBars(buffer, step, names);
  const { boundaries } = settleBoundaries(bars, data, ofAll);
  return findRemedies(bars, { data, features, targets, model }, boundaries);
}

/**
 * The boundaries that samples are counted with. Where the bars are only the newest of their source and validation begins
 * before them, none could train: those before the test are then split in shares of their own, and a note says so.
 */
function settleBoundaries(
  bars: Bars,
  data: Config['data'],
  ofAll: Boundaries | null,
): { readonly boundaries: Boundaries; readonly notes: readonly string[] } {
  if (ofAll === null) return { boundaries: findBoundaries(bars, data), notes: [] };
  const [first] = bars.time;
  if (ofAll.validationFrom > first || ofAll.testFrom <= first) return { boundaries: ofAll, notes: [] };
  const shares = { ...data.split, validation_from: null, test_from: null, until: writeInstant(ofAll.testFrom) };
  const note =
    'validation begins before the newest bars, which alone are looked at here: the counts are of shares of theirs';
  return { boundaries: findBoundaries(bars, { ...data, split: shares }), notes: [note] };
}

/**
 * A picture of every column over the rows before the test: what is sealed is not shown here either.
 *
 * @param of rows before the test that there are, where `bars` are the newest of them alone
 */
export function drawColumns(
  bars: Bars,
  matrix: FeatureMatrix,
  boundaries: Boundaries,
  of: number | null = null,
): FeatureColumns {
  const end = rowsBeforeTest(bars.time, boundaries);
  const from = Math.max(0, end - shownRows);
  const { names, timeframes, warmup } = matrix;
  const before = matrix.columns.map((column) => column.subarray(0, end));
  return {
    names,
    timeframes,
    warmup,
    columns: before.map((column) => Float32Array.from(column.subarray(from))),
    time: bars.time.slice(from, end),
    histograms: before.map((column) => histogram(column)),
    rows: end,
    of: of ?? end,
  };
}

/** A bug shows as well: it must not take what can be shown with it. */
export function settle<Value>(work: () => Value): Part<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof AppError) {
      return { ok: false, failure: { code: error.code, message: error.message, issues: error.issues, lack: null } };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { code: 'internal', message, issues: [], lack: null } };
  }
}

function andThen<Value, Next>(part: Part<Value>, work: (value: Value) => Next): Part<Next> {
  return part.ok ? settle(() => work(part.value)) : part;
}
