// Matrix products after Goto and van de Geijn (2008): B is packed once into panels of eight columns, A block by block into
// tiles of six rows, and a kernel of 6 × 8 sums stays in registers: twelve vectors hold the sums, three the operands, of the
// sixteen that x86 offers. Every sum is taken in the same order, however the rows are shared among threads.
import { ownScratch } from './threads';

/** Rows of a tile of A and columns of a panel of B. */
const tileRows: usize = 6;
const panelColumns: usize = 8;
/** Steps of the inner axis that are worked off at once: a tile and a panel of so many stay in the first-level cache. */
const innerBlock: usize = 256;
/** Up to so many panels packing A costs more than it saves. */
const fewPanels: usize = 8;

// @ts-ignore: decorator
@inline function madd(a: v128, b: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(a, b, sum);
}

// @ts-ignore: decorator
@inline function put(to: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    left = f32x4.add(left, v128.load(to));
    right = f32x4.add(right, v128.load(to, 16));
  }
  v128.store(to, left);
  v128.store(to, right, 16);
}

/** c[6, 8] = (or +=, with `add`) tile[k, 6]ᵀ · panel[k, 8]; rows of c lie `stride` bytes apart. */
function multiply(k: usize, tile: usize, panel: usize, c: usize, stride: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  const end = panel + k * 4 * panelColumns;
  while (panel < end) {
    const left = v128.load(panel), right = v128.load(panel, 16);
    let a = v128.load32_splat(tile);
    c00 = madd(a, left, c00); c01 = madd(a, right, c01);
    a = v128.load32_splat(tile, 4);
    c10 = madd(a, left, c10); c11 = madd(a, right, c11);
    a = v128.load32_splat(tile, 8);
    c20 = madd(a, left, c20); c21 = madd(a, right, c21);
    a = v128.load32_splat(tile, 12);
    c30 = madd(a, left, c30); c31 = madd(a, right, c31);
    a = v128.load32_splat(tile, 16);
    c40 = madd(a, left, c40); c41 = madd(a, right, c41);
    a = v128.load32_splat(tile, 20);
    c50 = madd(a, left, c50); c51 = madd(a, right, c51);
    panel += 32;
    tile += 24;
  }
  put(c, c00, c01, add); c += stride;
  put(c, c10, c11, add); c += stride;
  put(c, c20, c21, add); c += stride;
  put(c, c30, c31, add); c += stride;
  put(c, c40, c41, add); c += stride;
  put(c, c50, c51, add);
}

/** As `multiply`, on six rows of A where they lie, `rowStride` bytes apart: slower, but worth it where packing them costs more. */
function multiplyInPlace(
  k: usize, a: usize, rowStride: usize, panel: usize, c: usize, stride: usize, add: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let r0 = a, r1 = a + rowStride, r2 = r1 + rowStride, r3 = r2 + rowStride, r4 = r3 + rowStride, r5 = r4 + rowStride;
  const end = panel + k * 4 * panelColumns;
  while (panel < end) {
    const left = v128.load(panel), right = v128.load(panel, 16);
    let a = v128.load32_splat(r0);
    c00 = madd(a, left, c00); c01 = madd(a, right, c01);
    a = v128.load32_splat(r1);
    c10 = madd(a, left, c10); c11 = madd(a, right, c11);
    a = v128.load32_splat(r2);
    c20 = madd(a, left, c20); c21 = madd(a, right, c21);
    a = v128.load32_splat(r3);
    c30 = madd(a, left, c30); c31 = madd(a, right, c31);
    a = v128.load32_splat(r4);
    c40 = madd(a, left, c40); c41 = madd(a, right, c41);
    a = v128.load32_splat(r5);
    c50 = madd(a, left, c50); c51 = madd(a, right, c51);
    panel += 32;
    r0 += 4; r1 += 4; r2 += 4; r3 += 4; r4 += 4; r5 += 4;
  }
  put(c, c00, c01, add); c += stride;
  put(c, c10, c11, add); c += stride;
  put(c, c20, c21, add); c += stride;
  put(c, c30, c31, add); c += stride;
  put(c, c40, c41, add); c += stride;
  put(c, c50, c51, add);
}

/** Four runs of four floats, `fromStride` bytes apart, written as their transpose with rows `toStride` apart. */
// @ts-ignore: decorator
@inline export function transposeFour(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromStride);
  const r2 = v128.load(from + 2 * fromStride), r3 = v128.load(from + 3 * fromStride);
  const lo01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), hi01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const lo23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), hi23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(lo01, lo23, 0, 2));
  v128.store(to + toStride, v128.shuffle<f64>(lo01, lo23, 1, 3));
  v128.store(to + 2 * toStride, v128.shuffle<f64>(hi01, hi23, 0, 2));
  v128.store(to + 3 * toStride, v128.shuffle<f64>(hi01, hi23, 1, 3));
}

/** Packs panels [first, last) of b [K, N], element (k, n) at b + k·rowStride + n·columnStride, into [panel][K][8]. */
export function packPanels(
  b: usize, rowStride: usize, columnStride: usize, K: usize, N: usize, packed: usize, first: usize, last: usize,
): void {
  for (let panel = first; panel < last; panel++) {
    const column = panel * panelColumns;
    let to = packed + panel * K * 4 * panelColumns;
    let from = b + column * columnStride;
    const columns = min(panelColumns, N - column);
    let k: usize = 0;
    if (columns == panelColumns && columnStride == 4) {
      for (; k < K; k++, from += rowStride, to += 32) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
      continue;
    }
    if (columns == panelColumns && rowStride == 4) {
      for (; k + 4 <= K; k += 4, from += 16, to += 128) {
        transposeFour(from, columnStride, to, 32);
        transposeFour(from + 4 * columnStride, columnStride, to + 16, 32);
      }
    }
    for (; k < K; k++, from += rowStride, to += 32) {
      for (let n: usize = 0; n < panelColumns; n++) {
        store<f32>(to + 4 * n, n < columns ? load<f32>(from + n * columnStride) : 0);
      }
    }
  }
}

/** Packs `rows` (≤ 6, the rest zero) rows of A over k steps into [k][6]. */
function packTile(a: usize, rowStride: usize, columnStride: usize, rows: usize, k: usize, to: usize): void {
  let step: usize = 0;
  if (rows == tileRows && rowStride == 4) {
    for (; step < k; step++, a += columnStride, to += 24) {
      v128.store(to, v128.load(a));
      store<u64>(to, load<u64>(a, 16), 16);
    }
    return;
  }
  if (rows == tileRows && columnStride == 4) {
    const last = a + 4 * rowStride;
    for (; step + 4 <= k; step += 4, to += 96) {
      const at = step * 4;
      transposeFour(a + at, rowStride, to, 24);
      const r4 = v128.load(last + at), r5 = v128.load(last + rowStride + at);
      const lo = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5), hi = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
      v128.store_lane<u64>(to, lo, 0, 16);
      v128.store_lane<u64>(to, lo, 1, 40);
      v128.store_lane<u64>(to, hi, 0, 64);
      v128.store_lane<u64>(to, hi, 1, 88);
    }
  }
  for (; step < k; step++, to += 24) {
    const from = a + step * columnStride;
    for (let row: usize = 0; row < tileRows; row++) {
      store<f32>(to + 4 * row, row < rows ? load<f32>(from + row * rowStride) : 0);
    }
  }
}

/**
 * Rows [first, last) of c = (or +=, with `accumulate`) a [M, K] · packed b [K, N]; rows of c lie `stride` bytes apart. `scratch`
 * holds (last − first, rounded up to six) × 256 floats and 48 more.
 */
export function multiplyRows(
  a: usize, rowStride: usize, columnStride: usize, packed: usize, c: usize, stride: usize, first: usize, last: usize,
  K: usize, N: usize, accumulate: bool, scratch: usize,
): void {
  const panels = (N + panelColumns - 1) / panelColumns;
  if (columnStride == 4 && panels <= fewPanels) {
    const whole = first + ((last - first) / tileRows) * tileRows;
    const columns = N & ~(panelColumns - 1);
    multiplyFew(a, rowStride, packed, c, stride, first, whole, K, columns, accumulate);
    if (whole < last || columns < N) multiplyEdges(a, rowStride, packed, c, stride, first, whole, last, K, N, accumulate, scratch);
    return;
  }
  const tiles = (last - first + tileRows - 1) / tileRows;
  const edge = scratch + tiles * tileRows * innerBlock * 4;
  for (let start: usize = 0; start < K; start += innerBlock) {
    const k = min(innerBlock, K - start);
    const tileBytes = k * tileRows * 4;
    for (let tile: usize = 0; tile < tiles; tile++) {
      const row = first + tile * tileRows;
      const from = a + row * rowStride + start * columnStride;
      packTile(from, rowStride, columnStride, min(tileRows, last - row), k, scratch + tile * tileBytes);
    }
    const add = accumulate || start > 0;
    for (let panel: usize = 0; panel < panels; panel++) {
      const b = packed + (panel * K + start) * 4 * panelColumns;
      const column = panel * panelColumns;
      const columns = min(panelColumns, N - column);
      for (let tile: usize = 0; tile < tiles; tile++) {
        const row = first + tile * tileRows;
        const rows = min(tileRows, last - row);
        const to = c + row * stride + column * 4;
        if (rows == tileRows && columns == panelColumns) {
          multiply(k, scratch + tile * tileBytes, b, to, stride, add);
        } else {
          multiply(k, scratch + tile * tileBytes, b, edge, 32, false);
          copyEdge(edge, to, stride, rows, columns, add);
        }
      }
    }
  }
}

/** Whole tiles of rows [first, last) and whole panels of `columns` columns, A where it lies. */
function multiplyFew(
  a: usize, rowStride: usize, packed: usize, c: usize, stride: usize, first: usize, last: usize, K: usize, columns: usize,
  accumulate: bool,
): void {
  const panels = columns / panelColumns;
  for (let start: usize = 0; start < K; start += innerBlock) {
    const k = min(innerBlock, K - start);
    for (let row = first; row < last; row += tileRows) {
      for (let panel: usize = 0; panel < panels; panel++) {
        const b = packed + (panel * K + start) * 4 * panelColumns;
        const to = c + row * stride + panel * panelColumns * 4;
        multiplyInPlace(k, a + row * rowStride + start * 4, rowStride, b, to, stride, accumulate || start > 0);
      }
    }
  }
}

/** What multiplyFew leaves: the rows from `whole` on, and of the rows before them the columns of the last, partial panel. */
function multiplyEdges(
  a: usize, rowStride: usize, packed: usize, c: usize, stride: usize, first: usize, whole: usize, last: usize, K: usize,
  N: usize, accumulate: bool, scratch: usize,
): void {
  const panels = (N + panelColumns - 1) / panelColumns;
  const edge = scratch + tileRows * innerBlock * 4;
  for (let start: usize = 0; start < K; start += innerBlock) {
    const k = min(innerBlock, K - start);
    const add = accumulate || start > 0;
    for (let row = first; row < last; row += tileRows) {
      const rows = min(tileRows, last - row);
      const from = row < whole ? N / panelColumns : 0;
      if (from == panels) continue;
      packTile(a + row * rowStride + start * 4, rowStride, 4, rows, k, scratch);
      for (let panel = from; panel < panels; panel++) {
        multiply(k, scratch, packed + (panel * K + start) * 4 * panelColumns, edge, 32, false);
        const columns = min(panelColumns, N - panel * panelColumns);
        copyEdge(edge, c + row * stride + panel * panelColumns * 4, stride, rows, columns, add);
      }
    }
  }
}

function copyEdge(edge: usize, to: usize, stride: usize, rows: usize, columns: usize, add: bool): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      const at = to + row * stride + column * 4;
      const value = load<f32>(edge + row * 32 + column * 4);
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
  }
}

/** Chunk of packing a right-hand matrix: `perChunk` panels. */
export function packRight(
  chunk: usize, b: usize, rowStride: usize, columnStride: usize, K: usize, N: usize, packed: usize, perChunk: usize,
): void {
  const panels = (N + panelColumns - 1) / panelColumns;
  const first = chunk * perChunk;
  packPanels(b, rowStride, columnStride, K, N, packed, first, min(panels, first + perChunk));
}

/**
 * Chunk of a product with a packed right-hand matrix: `perChunk` rows. With a `bias` [N] (else 0) it is added to each row, and a
 * ReLU may follow: while the rows are in the cache.
 */
export function multiplyPacked(
  chunk: usize, a: usize, rowStride: usize, columnStride: usize, packed: usize, c: usize, M: usize, K: usize, N: usize,
  perChunk: usize, bias: usize, relu: i32, scratch: usize, scratchSize: usize,
): void {
  const first = chunk * perChunk, last = min(M, first + perChunk);
  const own = ownScratch(scratch, scratchSize);
  multiplyRows(a, rowStride, columnStride, packed, c, N * 4, first, last, K, N, false, own);
  if (bias) addBias(c + first * N * 4, last - first, N, bias, relu != 0);
}

/** Adds `bias` [N] to `rows` rows of c, then ReLU if wanted. */
export function addBias(c: usize, rows: usize, N: usize, bias: usize, relu: bool): void {
  const bytes = N * 4;
  const zero = f32x4.splat(0);
  for (let row = c; row < c + rows * bytes; row += bytes) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const sum = f32x4.add(v128.load(row + at), v128.load(bias + at));
      v128.store(row + at, relu ? f32x4.max(sum, zero) : sum);
    }
    for (; at < bytes; at += 4) {
      const sum = load<f32>(row + at) + load<f32>(bias + at);
      store<f32>(row + at, relu ? max<f32>(sum, 0) : sum);
    }
  }
}

/**
 * Chunk of `count` products of small matrices: `perChunk` of them, each packed by the thread that multiplies it. Matrices lie
 * `aStep` and `bStep` bytes apart (0: the same one each time). Scratch: K × (N up to eight) floats, and those of multiplyRows.
 */
export function multiplyBatch(
  chunk: usize, a: usize, aStep: usize, aRow: usize, aColumn: usize, b: usize, bStep: usize, bRow: usize, bColumn: usize,
  c: usize, M: usize, K: usize, N: usize, count: usize, perChunk: usize, scratch: usize, scratchSize: usize,
): void {
  const panels = (N + panelColumns - 1) / panelColumns;
  const packed = ownScratch(scratch, scratchSize);
  const rest = packed + panels * panelColumns * K * 4;
  const first = chunk * perChunk;
  const last = min(count, first + perChunk);
  for (let index = first; index < last; index++) {
    packPanels(b + index * bStep, bRow, bColumn, K, N, packed, 0, panels);
    multiplyRows(a + index * aStep, aRow, aColumn, packed, c + index * M * N * 4, N * 4, 0, M, K, N, false, rest);
  }
}

/**
 * Chunk of a product whose inner axis is long and whose result is small (a gradient of weights over all samples and steps): piece
 * `chunk` of the inner axis, `perPiece` steps, goes to partial + chunk · M · N floats; addPartials adds them up. The right-hand side
 * is packed block by block, so that it stays in the cache. Scratch: 256 × (N up to eight) floats, and those of multiplyRows.
 */
export function multiplyDeep(
  chunk: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, partial: usize, M: usize,
  K: usize, N: usize, perPiece: usize, scratch: usize, scratchSize: usize,
): void {
  const panels = (N + panelColumns - 1) / panelColumns;
  const packed = ownScratch(scratch, scratchSize);
  const rest = packed + panels * panelColumns * innerBlock * 4;
  const to = partial + chunk * M * N * 4;
  const first = chunk * perPiece, last = min(K, first + perPiece);
  for (let start = first; start < last; start += innerBlock) {
    const k = min(innerBlock, last - start);
    packPanels(b + start * bRow, bRow, bColumn, k, N, packed, 0, panels);
    multiplyRows(a + start * aColumn, aRow, aColumn, packed, to, N * 4, 0, M, k, N, start > first, rest);
  }
}
