import type { Bars } from '#core/bars/bars.ts';
import type { FeaturesConfig } from '#core/config/features.ts';
import { AppError } from '#core/error.ts';
import { zScore } from './z-score.ts';

type ColumnConfig = FeaturesConfig['columns'][string];

/** Columns of the file as features; all lists have one entry a feature. */
interface ColumnFeatures {
  /** E.g. `column.funding_rate_z_96`. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** Bars from the first value of a segment until a feature has one. */
  readonly warmups: readonly number[];
  readonly notes: readonly string[];
}

/** More values without a logarithm than this share are no accident of the file. */
const mostWithoutLog = 0.01;

/**
 * Further columns of the file as features (FORMULAS.md#columns-of-the-file), in the order of their names. A bar without
 * a value has the last one known before it in its segment; bars before the first have none.
 *
 * @param segments ranges [from, to) of the bars without a break inside
 * @throws AppError invalid_config at `features.columns.<name>`: the bars have no such column, it has no number, or
 *   `log` is asked of values not above zero
 */
export function columnFeatures(
  bars: Bars,
  columns: FeaturesConfig['columns'],
  segments: readonly (readonly [number, number])[],
): ColumnFeatures {
  // The order must not depend on that of the keys.
  const entries = Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1));
  const features = entries.map(([name, config]) => {
    const feature = nameOf(name, config);
    const known = carry(name, config, bars.extra[name], segments);
    const values = new Float64Array(bars.time.length).fill(NaN);
    for (const [from, to] of segments) {
      const first = known.values.subarray(from, to).findIndex((value) => !Number.isNaN(value));
      if (first < 0) continue;
      values.set(transform(known.values.subarray(from + first, to), config), from + first);
    }
    return { feature, values, warmup: warmupOf(config), notes: known.notes.map((note) => `${feature}: ${note}`) };
  });
  return {
    names: features.map(({ feature }) => feature),
    columns: features.map(({ values }) => values),
    warmups: features.map(({ warmup }) => warmup),
    notes: features.flatMap(({ notes }) => notes),
  };
}

/** Every name ends in what was done, so that no two columns can come to one name. */
function nameOf(name: string, { transform, period }: ColumnConfig): string {
  return `column.${name}_${transform === 'z' ? `z_${period}` : transform}`;
}

/** Bars that a feature needs from the first value on before it has one itself. */
export function warmupOf({ transform, period }: ColumnConfig): number {
  return transform === 'z' ? period - 1 : transform === 'diff' ? 1 : 0;
}

/** @param x without NaN */
function transform(x: Float64Array, { transform, period }: ColumnConfig): Float64Array {
  switch (transform) {
    case 'level':
      return x;
    case 'diff':
      return x.map((value, i) => (i === 0 ? NaN : value - x[i - 1]));
    case 'z':
      return zScore(x, period);
    case 'log':
      return x.map(Math.log);
  }
}

/** The column with the last known value on each bar that has none, and what is to be said of it. */
function carry(
  name: string,
  { transform }: ColumnConfig,
  column: Float64Array | undefined,
  segments: readonly (readonly [number, number])[],
): { readonly values: Float64Array; readonly notes: readonly string[] } {
  if (column === undefined) throw refusal(name, 'expected a column of the data, and it has none of this name');
  const values = new Float64Array(column.length).fill(NaN);
  let [numbers, carried, leading, withoutLog, firstWithout] = [0, 0, 0, 0, NaN];
  for (const [from, to] of segments) {
    let last = NaN;
    for (let i = from; i < to; i++) {
      const value = column[i];
      const isNumber = Number.isFinite(value);
      const isUsable = isNumber && (transform !== 'log' || value > 0);
      if (isNumber) numbers++;
      if (isUsable) last = value;
      else if (isNumber && withoutLog++ === 0) firstWithout = value;
      values[i] = last;
      if (Number.isNaN(last)) leading++;
      else if (!isUsable) carried++;
    }
  }
  if (numbers === 0) throw refusal(name, 'expected numbers, and no bar has one');
  if (withoutLog > mostWithoutLog * numbers) {
    throw refusal(
      name,
      `log needs values above zero, and ${withoutLog} of ${numbers} are not, the first ${firstWithout}; take level, diff or z`,
      'transform',
    );
  }
  const notes: string[] = [];
  if (withoutLog > 0)
    notes.push(
      `${withoutLog === 1 ? '1 value not above zero counts' : `${withoutLog} values not above zero count`} as missing, the first ${firstWithout}`,
    );
  if (carried > 0)
    notes.push(
      `${carried} of ${column.length} bars ${carried === 1 ? 'has no value and keeps' : 'have no value and keep'} the last one known`,
    );
  if (leading > 0)
    notes.push(
      `${leading === 1 ? 'one bar comes' : `${leading} bars come`} before the first value of ${leading === 1 ? 'its' : 'their'} stretch: warm-up`,
    );
  return { values, notes };
}

function refusal(name: string, message: string, key = ''): AppError {
  const path = ['features', 'columns', name, ...(key === '' ? [] : [key])].join('.');
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}
