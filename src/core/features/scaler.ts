import { quantile } from '#core/quantile.ts';

/** A fitted scaler: value → (value − center) / scale, then clipped to ±clip. Fitted on train rows only. */
export interface ScalerState {
  readonly kind: 'standard' | 'robust';
  readonly names: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
}

/** A column as the scaler sees it: its values on all rows. */
interface NamedColumn {
  readonly name: string;
  readonly values: Float64Array;
}

/**
 * Widest scaled value: ±5 for robust (FORMULAS.md#scaling); standard clips only what would be a freak at ±10
 * deviations.
 */
const clips = { standard: 10, robust: 5 } as const;

/** IQR of a normal distribution with deviation 1. */
const NORMAL_IQR = 1.349;

const ROWS_AT_A_TIME = 512;

/**
 * Fits each column on the rows where `train` is 1 (none of them NaN): mean and population deviation, or median and
 * IQR/1.349. A column that is constant there is left out and named in `constant`; one whose IQR is 0 though it is
 * not constant is scaled by its deviation and named in `notes`.
 */
export function fitScaler(
  kind: ScalerState['kind'],
  columns: readonly NamedColumn[],
  train: Uint8Array,
): { readonly scaler: ScalerState; readonly constant: readonly string[]; readonly notes: readonly string[] } {
  const names: string[] = [];
  const center: number[] = [];
  const scale: number[] = [];
  const constant: string[] = [];
  const notes: string[] = [];
  const space = new Float64Array(train.length);
  for (const { name, values } of columns) {
    const rows = rowsOf(values, train, space);
    const moments = momentsOf(rows);
    // Rounding leaves a constant column with a deviation of some 1e-16 of its level.
    if (!(moments.sd > 1e-12 * Math.max(Math.abs(moments.mean), Number.MIN_VALUE))) {
      constant.push(name);
      continue;
    }
    let middle = moments.mean;
    let spread = moments.sd;
    if (kind === 'robust') {
      rows.sort();
      middle = quantile(rows, 0.5);
      const range = quantile(rows, 0.75) - quantile(rows, 0.25);
      if (range > 0) spread = range / NORMAL_IQR;
      else notes.push(`${name}: half of the train values are equal, scaled by the standard deviation`);
    }
    names.push(name);
    center.push(middle);
    scale.push(spread);
  }
  return { scaler: { kind, names, center, scale, clip: clips[kind] }, constant, notes };
}

/** Scales the columns of the state, in its order, to a row-major rows × F matrix; a missing value becomes 0. */
export function applyScaler(state: ScalerState, columns: readonly NamedColumn[], rows: number): Float32Array {
  const byName = new Map(columns.map((column) => [column.name, column.values]));
  const width = state.names.length;
  const out = new Float32Array(rows * width);
  const ordered = state.names.map((name) => {
    const values = byName.get(name);
    if (!values) throw new Error(`The scaler expects a column ${name}; it is not among the features.`);
    return values;
  });
  // Some rows of all columns at a time: what is written stays in the cache until its lines are full.
  for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
    const to = Math.min(from + ROWS_AT_A_TIME, rows);
    for (let c = 0; c < width; c++) {
      scaleInto(out, ordered[c], from, to, c, state);
    }
  }
  return out;
}

/** Rows `from` … `to` − 1 of column c. */
function scaleInto(
  out: Float32Array,
  values: Float64Array,
  from: number,
  to: number,
  c: number,
  { names, center, scale, clip }: ScalerState,
): void {
  const [width, middle, spread] = [names.length, center[c], scale[c]];
  for (let i = from; i < to; i++) {
    const scaled = (values[i] - middle) / spread;
    // A missing value fails all three comparisons and stays 0.
    if (scaled > clip) out[i * width + c] = clip;
    else if (scaled < -clip) out[i * width + c] = -clip;
    else if (scaled <= clip) out[i * width + c] = scaled;
  }
}

/** The values of the rows where `train` is 1, in `space`. */
function rowsOf(values: Float64Array, train: Uint8Array, space: Float64Array): Float64Array {
  let size = 0;
  for (let i = 0; i < train.length; i++) if (train[i] === 1) space[size++] = values[i];
  return space.subarray(0, size);
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly sd: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) * (values[i] - mean);
  return { mean, sd: Math.sqrt(squares / values.length) };
}
