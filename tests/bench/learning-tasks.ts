import type { Dataset } from '#core/dataset/dataset.ts';
import { normal, openStream } from '#trainer/engines/random/random.ts';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';

/** What a model may be asked to learn. */
interface Series {
  /** Inputs, each a number a row. */
  readonly columns: readonly Float64Array[];
  /** What follows each row. */
  readonly target: Float64Array;
  /** Expectation of `target` given everything up to the row: no forecast has a smaller squared error on average. */
  readonly ideal: Float64Array;
}

/** A data set with one task, whose best possible forecast is known. */
export interface LearningTask {
  readonly dataset: Dataset;
  /** Best forecast of each row, in units of the target. */
  readonly ideal: Float64Array;
}

export interface TaskSize {
  readonly rows: number;
  readonly lookback: number;
  readonly seed: number;
}

type MakeSeries = (rows: number, seed: number) => Series;

const noise = (seed: number, column: number, rows: number): Float64Array => {
  const stream = openStream(seed, 'init', column);
  return Float64Array.from({ length: rows }, (_, row) => normal(stream, row));
};

/** 1 where the values of this row and of the row before have one sign, else −1. */
const interactionOf = (x: Float64Array): Float64Array =>
  x.map((value, row) => Math.sign(value) * Math.sign(row === 0 ? value : x[row - 1]));

/** `signal` of each row with so much of the noise `column`. */
const blurred = (signal: Float64Array, share: number, seed: number, column: number): Float64Array => {
  const added = noise(seed, column, signal.length);
  return signal.map((value, row) => value + share * added[row]);
};

/** x → φx + ε, ε of deviation 1: of the variance of the next value a share of φ² is known. */
function autoregression(rows: number, seed: number): Series {
  const share = 0.5;
  const steps = noise(seed, 0, rows + 1);
  const all = new Float64Array(rows + 1);
  all.forEach((_, t) => (all[t] = t === 0 ? steps[0] : share * all[t - 1] + steps[t]));
  const x = all.subarray(0, rows);
  return { columns: [x], target: all.slice(1), ideal: x.map((value) => share * value) };
}

/** √2·sin(2πt/12) + ε, ε of deviation 1: half of the variance of the next value is known to whoever knows the phase. */
function sine(rows: number, seed: number): Series {
  const wave = Float64Array.from({ length: rows + 1 }, (_, t) => Math.SQRT2 * Math.sin((Math.PI * t) / 6));
  const all = blurred(wave, 1, seed, 0);
  return { columns: [all.slice(0, rows)], target: all.slice(1), ideal: wave.slice(1) };
}

/** sign(xₜ)·sign(xₜ₋₁) + ε of independent x, ε of deviation 1: half of the variance is known, and nothing of it is linear. */
function interaction(rows: number, seed: number): Series {
  const x = noise(seed, 0, rows);
  const ideal = interactionOf(x);
  return { columns: [x], target: blurred(ideal, 1, seed, 1), ideal };
}

/** Series with a known optimum, for the bench. */
export const learningSeries = { 'AR(1)': autoregression, sine, interaction } satisfies Readonly<
  Record<string, MakeSeries>
>;

/** Five independent columns, the third of which alone says what follows. */
function oneOfFive(of: (x: Float64Array) => Float64Array): MakeSeries {
  return (rows, seed) => {
    const columns = Array.from({ length: 5 }, (_, column) => noise(seed, column, rows));
    const ideal = of(columns[2]);
    return { columns, target: ideal, ideal };
  };
}

/** Without noise, so that little data is enough: what every network must be able to tell. */
export const plainSeries = {
  'an interaction of the last two values': (rows, seed) => {
    const { columns, ideal } = interaction(rows, seed);
    return { columns, target: ideal, ideal };
  },
  'an interaction in one feature of five': oneOfFive(interactionOf),
  'the last value of one feature of five': oneOfFive((x) => x),
} satisfies Readonly<Record<string, MakeSeries>>;

/** The data set of a series. */
export function learningTask(make: MakeSeries, { rows, lookback, seed }: TaskSize): LearningTask {
  const { columns, target, ideal } = make(rows, seed);
  const tiny = tinyDataset({ rows, lookback, features: columns.length, kinds: ['return'] });
  const [task] = tiny.tasks;
  const { train } = tiny.samples;
  const mean = train.reduce((sum, row) => sum + target[row], 0) / train.length;
  const sd = Math.sqrt(train.reduce((sum, row) => sum + (target[row] - mean) ** 2, 0) / train.length);
  const labels = Float32Array.from(target, (value) => (value - mean) / sd);
  const features = Float32Array.from({ length: rows * columns.length }, (_, i) => {
    return columns[i % columns.length][Math.floor(i / columns.length)];
  });
  return { dataset: { ...tiny, features, tasks: [{ ...task, raw: target, labels, mean, sd }] }, ideal };
}
