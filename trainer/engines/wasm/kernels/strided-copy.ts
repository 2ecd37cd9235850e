import * as tf from '@tensorflow/tfjs-core';

/** Below this many elements a plain loop beats the call of copyWithin. */
const shortRun = 48;

/** `rows` runs of `run` elements; offsets and strides count elements from the start of each array. */
interface StridedRows {
  readonly rows: number;
  readonly run: number;
  readonly fromStart: number;
  readonly fromStride: number;
  readonly toStart: number;
  readonly toStride: number;
}

/** Copies rows between two places of one heap; the values are moved as they are, whatever they mean. */
export function copyRows<T extends Uint32Array | Uint8Array>(from: T, to: T, rows: StridedRows): void {
  const { run, fromStride, toStride } = rows;
  let source = rows.fromStart;
  let target = rows.toStart;
  if (run < shortRun) {
    for (let row = 0; row < rows.rows; row++) {
      for (let index = 0; index < run; index++) to[target + index] = from[source + index];
      source += fromStride;
      target += toStride;
    }
    return;
  }
  const heap = new Uint8Array(from.buffer);
  const bytes = from.BYTES_PER_ELEMENT;
  for (let row = 0; row < rows.rows; row++) {
    const start = from.byteOffset + source * bytes;
    heap.copyWithin(to.byteOffset + target * bytes, start, start + run * bytes);
    source += fromStride;
    target += toStride;
  }
}

/**
 * Copies a box of `size` from one array at `fromBegin` to another at `toBegin`, both row-major: a slice (box = the whole
 * target) or a padding (box = the whole source).
 */
export function copyBox<T extends Uint32Array | Uint8Array>(
  from: T,
  fromShape: readonly number[],
  fromBegin: readonly number[],
  to: T,
  toShape: readonly number[],
  toBegin: readonly number[],
  size: readonly number[],
): void {
  if (tf.util.sizeFromShape([...size]) === 0) return;
  const rank = size.length;
  const fromStrides = strides(fromShape);
  const toStrides = strides(toShape);
  // Trailing axes that are whole on both sides join the run; the axis before them may be partial.
  let runAxis = rank;
  while (runAxis > 0 && size[runAxis - 1] === fromShape[runAxis - 1] && size[runAxis - 1] === toShape[runAxis - 1])
    runAxis--;
  runAxis = Math.max(0, runAxis - 1);
  const run = tf.util.sizeFromShape(size.slice(runAxis));
  const rowAxis = runAxis - 1;
  const rows = rowAxis < 0 ? 1 : size[rowAxis];
  const outer = size.slice(0, Math.max(0, rowAxis));
  const position = outer.map(() => 0);
  const count = tf.util.sizeFromShape(outer);
  for (let index = 0; index < count; index++) {
    let fromStart = 0;
    let toStart = 0;
    for (let axis = 0; axis < rank; axis++) {
      fromStart += (fromBegin[axis] + (position[axis] ?? 0)) * fromStrides[axis];
      toStart += (toBegin[axis] + (position[axis] ?? 0)) * toStrides[axis];
    }
    copyRows(from, to, {
      rows,
      run,
      fromStart,
      fromStride: rowAxis < 0 ? 0 : fromStrides[rowAxis],
      toStart,
      toStride: rowAxis < 0 ? 0 : toStrides[rowAxis],
    });
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      if (++position[axis] < outer[axis]) break;
      position[axis] = 0;
    }
  }
}

function strides(shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    result[axis] = stride;
    stride *= shape[axis];
  }
  return result;
}
