import { quantile } from '#core/quantile.ts';
import { seededRandom } from '#core/seeded-random.ts';

/** Blocks drawn in all: it bounds the work on many rows by fewer resamples. */
const mostBlocks = 4_000_000;
/** Fewer mean blocks than these in all rows say too little of how they vary. */
const leastBlocks = 5;

interface BootstrapOptions {
  /** Mean length of a block in rows, at least 1. */
  readonly meanBlock: number;
  readonly seed?: number;
}

/**
 * 95 % interval of a number that depends on the sums of `columns` (equally long, one value a row) alone: the percentile
 * interval of about 1,000 resamples of the stationary bootstrap (D. Politis and J. Romano, The stationary bootstrap, JASA
 * 89, 1994), whose blocks begin anywhere, have geometric lengths and go on at the first row behind the last. The same
 * input gives the same interval. Null where there are fewer rows than five blocks have, or the number is not defined.
 * Work: rows/meanBlock for each resample, because a block's sum is a difference of running sums.
 */
export function bootstrapIntervals(
  columns: readonly Float64Array[],
  numbers: (sums: Float64Array) => Readonly<Record<string, number>>,
  { meanBlock, seed = 1 }: BootstrapOptions,
): Readonly<Record<string, readonly [low: number, high: number]>> {
  const rows = columns[0].length;
  if (rows < leastBlocks * meanBlock) return {};
  const random = seededRandom(seed);
  const resamples = Math.round(Math.max(250, Math.min(1000, (mostBlocks * meanBlock) / rows)));
  const running = runningSums(columns, rows);
  const drawn = new Map<string, number[]>();
  for (let r = 0; r < resamples; r++) {
    const sums = resample(running, columns.length, rows, meanBlock, random);
    for (const [name, value] of Object.entries(numbers(sums))) {
      if (!Number.isFinite(value)) continue;
      const values = drawn.get(name);
      if (values) values.push(value);
      else drawn.set(name, [value]);
    }
  }
  const intervals = [...drawn].flatMap(([name, values]) => {
    // A quotient that many resamples do not define has no interval.
    if (values.length < 0.95 * resamples) return [];
    values.sort((a, b) => a - b);
    return [[name, [quantile(values, 0.025), quantile(values, 0.975)] as const] as const];
  });
  return Object.fromEntries(intervals);
}

/** Sums of the rows before each, row by row so that those of one row lie together: (rows + 1) × columns. */
function runningSums(columns: readonly Float64Array[], rows: number): Float64Array {
  const width = columns.length;
  const out = new Float64Array((rows + 1) * width);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < width; c++) out[(i + 1) * width + c] = out[i * width + c] + columns[c][i];
  }
  return out;
}

function resample(
  running: Float64Array,
  width: number,
  rows: number,
  meanBlock: number,
  random: () => number,
): Float64Array {
  const sums = new Float64Array(width);
  const scale = meanBlock > 1 ? 1 / Math.log(1 - 1 / meanBlock) : 0;
  const add = (from: number, to: number) => {
    for (let c = 0; c < width; c++) sums[c] += running[to * width + c] - running[from * width + c];
  };
  for (let left = rows; left > 0;) {
    const from = Math.floor(random() * rows);
    const length = Math.min(left, 1 + Math.floor(Math.log(1 - random()) * scale));
    left -= length;
    const beyond = from + length - rows;
    add(from, Math.min(rows, from + length));
    if (beyond > 0) add(0, beyond);
  }
  return sums;
}
