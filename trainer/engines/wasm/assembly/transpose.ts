// Moving values: the transpose of stacked matrices.
import { transposeFour } from './gemm';

/** Columns and rows of a block: it stays in the first-level cache while it is turned. */
const side: usize = 32;

/** Chunk of to[i] = from[i]ᵀ for `count` matrices of rows × columns floats; `perChunk` bands of 32 rows. */
export function transposeMatrices(
  chunk: usize, from: usize, to: usize, count: usize, rows: usize, columns: usize, perChunk: usize,
): void {
  const bands = (rows + side - 1) / side;
  const first = chunk * perChunk, last = min(count * bands, first + perChunk);
  for (let band = first; band < last; band++) {
    const base = (band / bands) * rows * columns * 4;
    const top = (band % bands) * side;
    turnBand(from + base, to + base, rows, columns, top, min(rows, top + side));
  }
}

function turnBand(from: usize, to: usize, rows: usize, columns: usize, top: usize, bottom: usize): void {
  const quads = top + ((bottom - top) & ~3);
  for (let left: usize = 0; left < columns; left += side) {
    const right = min(columns, left + side);
    const wholes = left + ((right - left) & ~3);
    for (let row = top; row < quads; row += 4) {
      for (let column = left; column < wholes; column += 4) {
        transposeFour(from + (row * columns + column) * 4, columns * 4, to + (column * rows + row) * 4, rows * 4);
      }
      for (let column = wholes; column < right; column++) {
        for (let r = row; r < row + 4; r++) store<f32>(to + (column * rows + r) * 4, load<f32>(from + (r * columns + column) * 4));
      }
    }
    for (let row = quads; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        store<f32>(to + (column * rows + row) * 4, load<f32>(from + (row * columns + column) * 4));
      }
    }
  }
}

/** Chunk of [count, rows, columns, run] → [count, columns, rows, run]: runs of `run` floats move whole; `perChunk` matrices' rows. */
export function swapRows(
  chunk: usize, from: usize, to: usize, count: usize, rows: usize, columns: usize, run: usize, perChunk: usize,
): void {
  const first = chunk * perChunk, last = min(count * rows, first + perChunk);
  for (let index = first; index < last; index++) {
    const matrix = index / rows, row = index % rows;
    let source = from + index * columns * run * 4;
    const base = to + (matrix * columns * rows + row) * run * 4;
    for (let column: usize = 0; column < columns; column++, source += run * 4) {
      copyRun(source, base + column * rows * run * 4, run * 4);
    }
  }
}

// @ts-ignore: decorator
@inline function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = from + (bytes & ~15);
  while (from < end) {
    v128.store(to, v128.load(from));
    from += 16; to += 16;
  }
  for (let rest = bytes & 15; rest > 0; rest -= 4, from += 4, to += 4) store<u32>(to, load<u32>(from));
}
