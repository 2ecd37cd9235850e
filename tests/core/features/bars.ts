import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Bars, mapExtra } from '#core/bars/bars.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';

export const HOUR = 3_600_000;

/** Columns to bars; a distance other than `step` begins a new segment. */
export function toBars(
  columns: Pick<Bars, 'time' | 'open' | 'high' | 'low' | 'close' | 'volume'> & Partial<Pick<Bars, 'extra'>>,
  step: number,
): Bars {
  const segment = new Int32Array(columns.time.length);
  for (let i = 1; i < segment.length; i++) {
    segment[i] = segment[i - 1] + (columns.time[i] - columns.time[i - 1] === step ? 0 : 1);
  }
  return { extra: {}, ...columns, segment, filled: new Uint8Array(segment.length), step };
}

/** The built-in market without the rows in `missing`, hence with a break at each hole. */
export function gappyMarket(rows: number, missing: readonly number[] = [], step = HOUR): Bars {
  const bars = sampleMarket({ seed: 7, bars: rows, step });
  const keep = (column: Float64Array) => column.filter((_, i) => !missing.includes(i));
  const { time, open, high, low, close, volume } = bars;
  return toBars(
    { time: keep(time), open: keep(open), high: keep(high), low: keep(low), close: keep(close), volume: keep(volume) },
    step,
  );
}

/** Rows from…to as a file of its own (copies; segments counted from 0 again). */
export function cutBars(bars: Bars, from: number, to: number): Bars {
  const cut = (column: Float64Array) => column.slice(from, to);
  const { time, open, high, low, close, volume, step } = bars;
  const columns = { time: cut(time), open: cut(open), high: cut(high), low: cut(low), close: cut(close) };
  return toBars({ ...columns, volume: cut(volume), extra: mapExtra(bars.extra, cut) }, step);
}

/** The bars with a rate that is stated every eighth of them, from the fourth on, and an interest that has few holes. */
export function withExtra(bars: Bars): Bars {
  const rate = bars.close.map((_, i) => (i % 8 === 3 ? 1e-4 * Math.sin(i / 9) + 2e-5 * Math.cos(i) : NaN));
  const interest = bars.close.map((close, i) => (i % 97 === 50 ? NaN : 1000 + close * (2 + Math.sin(i / 40))));
  return { ...bars, extra: { rate, interest } };
}

/** Prices, volumes and further columns of the rows from `from` on multiplied by `factor`. */
export function perturbBars(bars: Bars, from: number, factor: number): Bars {
  const bend = (column: Float64Array) => column.map((value, i) => (i >= from ? value * factor : value));
  const { open, high, low, close, volume } = bars;
  return {
    ...bars,
    open: bend(open),
    high: bend(high),
    low: bend(low),
    close: bend(close),
    volume: bend(volume),
    extra: mapExtra(bars.extra, bend),
  };
}

/** Rows `[epoch ms, open, high, low, close, volume]` of a JSON file, also .gz. */
export function readRows(path: string, step: number): Bars {
  const bytes = readFileSync(path);
  const rows = JSON.parse(String(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)) as number[][];
  const column = (c: number) => Float64Array.from(rows, (row) => row[c]);
  return toBars(
    { time: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) },
    step,
  );
}
