import { barColumns, type Bars } from './bars.ts';

/** Bytes of one row: six Float64, one Int32, one Uint8. */
const bytesPerBar = 53;

/**
 * Bars as one block of bytes for the wire, little-endian: the columns time, open, high, low, close and volume as
 * Float64 one after the other, then segment as Int32, then filled as Uint8. The step travels beside it.
 */
export function encodeBars(bars: Bars): Uint8Array<ArrayBuffer> {
  const rows = bars.time.length;
  const buffer = new ArrayBuffer(rows * bytesPerBar);
  const doubles = new Float64Array(buffer, 0, rows * 6);
  doubles.set(bars.time, 0);
  barColumns.forEach((column, index) => doubles.set(bars[column], (index + 1) * rows));
  new Int32Array(buffer, rows * 48, rows).set(bars.segment);
  new Uint8Array(buffer, rows * 52, rows).set(bars.filled);
  return new Uint8Array(buffer);
}

/**
 * The inverse of `encodeBars`; the columns are views on the bytes (on a copy where they are not aligned).
 * @throws RangeError where the length is no whole number of bars
 */
export function decodeBars(bytes: ArrayBuffer | Uint8Array, step: number): Bars {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  if (view.byteLength % bytesPerBar !== 0) {
    throw new RangeError(`Expected a multiple of ${bytesPerBar} bytes, received ${view.byteLength}.`);
  }
  // Not slice(): that of a Node Buffer shares the memory, and with it the odd offset.
  const aligned = view.byteOffset % 8 === 0 ? view : new Uint8Array(view);
  const { buffer, byteOffset } = aligned;
  const rows = view.byteLength / bytesPerBar;
  const column = (index: number) => new Float64Array(buffer, byteOffset + index * rows * 8, rows);
  return {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    segment: new Int32Array(buffer, byteOffset + rows * 48, rows),
    filled: new Uint8Array(buffer, byteOffset + rows * 52, rows),
    step,
  };
}
