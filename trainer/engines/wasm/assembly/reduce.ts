// Sums over neighbouring axes, in blocks of fixed length: single precision within a block, double across blocks.

/** Values added in single precision before the sum is carried on in double. */
const block: usize = 64;

/** Sum of `count` floats in a row. */
// @ts-ignore: decorator
@inline function sumRow(x: usize, count: usize): f64 {
  let total: f64 = 0;
  while (count >= block) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let i: usize = 0; i < block; i += 16, x += 64) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
    }
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    total += <f64>f32x4.extract_lane(s, 0) + <f64>f32x4.extract_lane(s, 1);
    total += <f64>f32x4.extract_lane(s, 2) + <f64>f32x4.extract_lane(s, 3);
    count -= block;
  }
  for (; count > 0; count--, x += 4) total += <f64>load<f32>(x);
  return total;
}

/** Chunk of y[row] = factor · Σ x[row, :] for rows of `count` floats. */
export function sumRows(chunk: usize, x: usize, y: usize, rows: usize, count: usize, factor: f64, perChunk: usize): void {
  const first = chunk * perChunk, last = min(rows, first + perChunk);
  for (let row = first; row < last; row++) {
    store<f32>(y + row * 4, <f32>(sumRow(x + row * count * 4, count) * factor));
  }
}

/** Adds `count` rows of `inner` floats into `to`: first `block` rows in single precision, then on in double (in `total`). */
function addRows(x: usize, count: usize, inner: usize, total: usize): void {
  for (let column: usize = 0; column < inner; column += 4) {
    const wide = min<usize>(4, inner - column);
    let low = f64x2.splat(0), high = f64x2.splat(0);
    let from = x + column * 4;
    let left = count;
    if (wide == 4) {
      while (left > 0) {
        let sum = f32x4.splat(0);
        const rows = min(block, left);
        for (let row: usize = 0; row < rows; row++, from += inner * 4) sum = f32x4.add(sum, v128.load(from));
        low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
        high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f64>(sum, sum, 1, 1)));
        left -= rows;
      }
      v128.store(total + column * 8, low);
      v128.store(total + column * 8, high, 16);
    } else {
      for (let lane: usize = 0; lane < wide; lane++) {
        let sum: f64 = 0;
        for (let row: usize = 0; row < count; row++) sum += <f64>load<f32>(from + lane * 4 + row * inner * 4);
        store<f64>(total + (column + lane) * 8, sum);
      }
    }
  }
}

/**
 * Chunk of partial column sums: piece p of `pieces` holds the sums of rows [p · perPiece, …) of x [outer, count, inner], as
 * doubles [outer, pieces, inner] at `partial`. Chunk = outer index · pieces + piece.
 */
export function sumColumnsPartly(
  chunk: usize, x: usize, partial: usize, count: usize, inner: usize, pieces: usize, perPiece: usize,
): void {
  const outer = chunk / pieces, piece = chunk % pieces;
  const first = piece * perPiece;
  const rows = min(count, first + perPiece) - first;
  addRows(x + (outer * count + first) * inner * 4, rows, inner, partial + chunk * inner * 8);
}

/** Adds the partial sums of each outer index: y [outer, inner] = factor · Σ over pieces. */
export function sumPartials(chunk: usize, partial: usize, y: usize, outer: usize, inner: usize, pieces: usize, factor: f64): void {
  for (let index: usize = 0; index < outer; index++) {
    for (let column: usize = 0; column < inner; column++) {
      let total: f64 = 0;
      for (let piece: usize = 0; piece < pieces; piece++) total += load<f64>(partial + ((index * pieces + piece) * inner + column) * 8);
      store<f32>(y + (index * inner + column) * 4, <f32>(total * factor));
    }
  }
}
