import type { Bars } from '#core/bars/bars.ts';

interface Row {
  readonly time: number;
  readonly close?: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly volume?: number;
  readonly segment?: number;
  readonly filled?: number;
}

/** Bars from a few rows; what is not given follows from the close. */
export function makeBars(step: number, rows: readonly Row[]): Bars {
  const column = (read: (row: Row, index: number) => number) => Float64Array.from(rows, read);
  const close = (row: Row, index: number) => row.close ?? 100 + index;
  return {
    time: column((row) => row.time),
    open: column((row, i) => row.open ?? close(row, i)),
    high: column((row, i) => row.high ?? Math.max(row.open ?? 0, close(row, i)) + 1),
    low: column((row, i) => row.low ?? Math.min(row.open ?? Infinity, close(row, i)) - 1),
    close: column(close),
    volume: column((row) => row.volume ?? 1),
    extra: {},
    segment: Int32Array.from(rows, (row) => row.segment ?? 0),
    filled: Uint8Array.from(rows, (row) => row.filled ?? 0),
    step,
  };
}
