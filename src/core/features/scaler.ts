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
  for (const { name, values } of columns) {
    const rows = values.filter((_, i) => train[i] === 1);
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
  state.names.forEach((name, c) => {
    const values = byName.get(name);
    if (!values) throw new Error(`The scaler expects a column ${name}; it is not among the features.`);
    const { clip } = state;
    for (let i = 0; i < rows; i++) {
      const scaled = (values[i] - state.center[c]) / state.scale[c];
      out[i * width + c] = Number.isNaN(scaled) ? 0 : Math.min(clip, Math.max(-clip, scaled));
    }
  });
  return out;
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly sd: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / values.length) };
}

/** Linear interpolation between the two nearest of the sorted values, as NumPy. */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}
