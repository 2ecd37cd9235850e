import { barColumns, type Bars } from './bars.ts';

/**
 * Bars as one block of bytes for the wire, little-endian: the columns time, open, high, low, close and volume and the
 * further columns as Float64 one after the other, then segment as Int32, then filled as Uint8. The step and the names
 * of the further columns travel beside it.
 *
 * @param extra names of the further columns in the order wanted; default that of the bars
 */
export function encodeBars(bars: Bars, extra: readonly string[] = Object.keys(bars.extra)): Uint8Array<ArrayBuffer> {
  const rows = bars.time.length;
  const columns = [bars.time, ...barColumns.map((column) => bars[column]), ...extra.map((name) => bars.extra[name])];
  const wide = columns.length * 8;
  const buffer = new ArrayBuffer(rows * (wide + 5));
  const doubles = new Float64Array(buffer, 0, rows * columns.length);
  columns.forEach((column, index) => doubles.set(column, index * rows));
  new Int32Array(buffer, rows * wide, rows).set(bars.segment);
  new Uint8Array(buffer, rows * (wide + 4), rows).set(bars.filled);
  return new Uint8Array(buffer);
}

/**
 * The inverse of `encodeBars`; the columns are views on the bytes (on a copy where they are not aligned).
 *
 * @param extra names of the further columns, in their order
 * @throws RangeError where the length is no whole number of bars
 */
export function decodeBars(bytes: ArrayBuffer | Uint8Array, step: number, extra: readonly string[] = []): Bars {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const wide = (6 + extra.length) * 8;
  const bytesPerBar = wide + 5;
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
    extra: Object.fromEntries(extra.map((name, index) => [name, column(6 + index)])),
    segment: new Int32Array(buffer, byteOffset + rows * wide, rows),
    filled: new Uint8Array(buffer, byteOffset + rows * (wide + 4), rows),
    step,
  };
}
