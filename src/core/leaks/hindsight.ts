import type { Bars } from '#core/bars/bars.ts';
import { countWords } from '#core/count-words.ts';

/** A column of the file that moves with what comes after its bar. */
interface Hindsight {
  readonly name: string;
  /** Rows that the correlation is of. */
  readonly rows: number;
  readonly message: string;
}

/** Rank correlation with later returns above which no honest column is believed: a quarter of all that is to come. */
const believable = 0.5;
/** So many times the correlation with returns that are over: a smooth market tells the future to any column. */
const beyondPast = 2;
/** Returns without overlap that a correlation needs. */
const fewest = 100;
/** Bars ahead that are looked at one by one. */
const furthest = 24;
/** Rows of one column, spread evenly: the error of a correlation is 0.022. */
const mostRows = 2000;

/**
 * Columns of the file whose level, change or distance from the close follows a coming return: that of one of the next
 * bars, up to the horizon, or that of the horizon. Looks at `train` alone, whose labels are known before the next split.
 *
 * @param names columns of `bars.extra`
 * @param train rows, ascending
 */
export function findHindsight(
  bars: Bars,
  names: readonly string[],
  train: Int32Array,
  horizon: number,
): readonly Hindsight[] {
  const price = bars.close.map(Math.log);
  const change = (from: number, to: number) =>
    from < 0 || to >= price.length || bars.segment[from] !== bars.segment[to] ? NaN : price[to] - price[from];
  const reaches = Array.from({ length: Math.min(horizon, furthest) }, (_, k): readonly [number, number] => [k, k + 1]);
  if (horizon > 1) reaches.push([0, horizon]);

  return names.flatMap((name) => {
    const level = bars.extra[name];
    const stated = train.filter((row) => Number.isFinite(level[row]));
    const rows = stated.filter((_, k) => k % Math.ceil(stated.length / mostRows) === 0);
    const extent = rows.length === 0 ? 0 : rows[rows.length - 1] - rows[0] + 1;
    const ranked = (values: (row: number) => number) => ranksOf(Float64Array.from(rows, values));
    const changes = changesOfStated(level);
    const shapes = [
      (row: number) => level[row],
      (row: number) => changes[row],
      (row: number) => level[row] - bars.close[row],
    ];
    const columns = shapes.map(ranked);
    const past = new Map([1, horizon].map((span) => [span, ranked((row) => change(row - span, row))]));
    let most: { readonly value: number; readonly count: number; readonly message: string } | null = null;
    for (const [from, to] of reaches) {
      if (extent / (to - from) < fewest) continue;
      const outcome = ranked((row) => change(row + from, row + to));
      const before = past.get(to - from) ?? outcome;
      for (const column of columns) {
        const { value, count } = correlation(column, outcome);
        if (count < fewest || Math.abs(value) <= Math.max(believable, Math.abs(most?.value ?? 0))) continue;
        if (Math.abs(value) <= beyondPast * Math.abs(correlation(column, before).value)) continue;
        const what = `${name} follows ${nameOf(from, to)}, rank correlation ${value.toFixed(2)}`;
        const message = `${what} in ${countWords(count, 'train row')}: it may have been written with hindsight`;
        most = { value, count, message };
      }
    }
    return most === null ? [] : [{ name, rows: most.count, message: most.message }];
  });
}

function nameOf(from: number, to: number): string {
  if (to - from > 1) return `the return of the next ${to} bars`;
  return from === 0 ? "the next bar's return" : `the return of the bar ${to} ahead`;
}

/** Change from the last value that is there. */
function changesOfStated(level: Float64Array): Float64Array {
  let last = NaN;
  return level.map((value) => {
    if (Number.isNaN(value)) return NaN;
    const change = value - last;
    last = value;
    return change;
  });
}

/** Rank of each value, the mean rank of equal ones; NaN where there is none. */
function ranksOf(values: Float64Array): Float64Array {
  const order = [...values.keys()].filter((i) => Number.isFinite(values[i])).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) ranks[order[k]] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Pearson's, where both are there; 0 where one of them is constant. */
function correlation(a: Float64Array, b: Float64Array): { readonly count: number; readonly value: number } {
  let [count, meanA, meanB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    count++;
    const [dx, dy] = [a[i] - meanA, b[i] - meanB];
    meanA += dx / count;
    meanB += dy / count;
    aa += dx * (a[i] - meanA);
    bb += dy * (b[i] - meanB);
    ab += dx * (b[i] - meanB);
  }
  return { count, value: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0 };
}
