import type { WasmBackend } from './wasm-backend.ts';

/** A matrix on the heap: bytes between its rows and between its columns. */
export interface Matrix {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Measures of assembly/gemm.ts: a tile of A, a panel of B, the part of the inner axis that is packed at once. */
const tileRows = 6;
const panelColumns = 8;
const innerBlock = 256;
/** Rows of one chunk at most: a packed block of A then stays in the second-level cache. */
const mostRows = 96;
/** Multiplications below which waking a thread costs more than it saves. */
export const worthSharing = 200_000;
/** Floats that one chunk of packing is worth at least. */
const worthPacking = 131_072;

/** Floats of scratch memory that a product of `rows` rows wants: its packed rows, and one tile of 6 × 8 beside them. */
export function productFloats(rows: number): number {
  return Math.ceil(rows / tileRows) * tileRows * innerBlock + tileRows * panelColumns;
}

/** Floats of a packed right-hand matrix [K, N]. */
export function packedFloats(K: number, N: number): number {
  return Math.ceil(N / panelColumns) * panelColumns * K;
}

/** A whole row-major matrix, or (with `transposed`) its transpose; `rows` and `columns` are those in memory. */
export function matrix(address: number, rows: number, columns: number, transposed = false): Matrix {
  return transposed
    ? { address, rows: columns, columns: rows, rowStride: 4, columnStride: 4 * columns }
    : { address, rows, columns, rowStride: 4 * columns, columnStride: 4 };
}

/** Runs `body` with the address of `right`, packed for the products of assembly/gemm.ts, and frees it. */
export function withPacked<Result>(backend: WasmBackend, right: Matrix, body: (packed: number) => Result): Result {
  const [K, N] = [right.rows, right.columns];
  const panels = Math.ceil(N / panelColumns);
  const packed = backend.wasm._malloc(4 * packedFloats(K, N)) >>> 0;
  try {
    const perChunk = Math.max(Math.ceil(worthPacking / (K * panelColumns)), Math.ceil(panels / 64));
    const args = [right.address, right.rowStride, right.columnStride, K, N, packed, perChunk];
    backend.pool.run('packRight', Math.ceil(panels / perChunk), args);
    return body(packed);
  } finally {
    backend.wasm._free(packed);
  }
}

/** Pieces of a long inner axis; a fixed number, so that sums are the same with any number of threads. */
const pieces = 8;
/** Length of the inner axis from which a product is cut along it. */
const deepest = 2048;

/** A product with a long inner axis and a small result: each thread sums pieces of the axis, which are then added up. */
function multiplyDeep(backend: WasmBackend, left: Matrix, right: Matrix, to: number): void {
  const { pool } = backend;
  const [M, K, N] = [left.rows, left.columns, right.columns];
  const perPiece = Math.ceil(K / pieces / innerBlock) * innerBlock;
  const used = Math.ceil(K / perPiece);
  const partial = backend.wasm._malloc(4 * used * M * N) >>> 0;
  const scratch = pool.scratch(4 * (packedFloats(innerBlock, N) + productFloats(M)));
  pool.run('multiplyDeep', used, [
    ...[left.address, left.rowStride, left.columnStride, right.address, right.rowStride, right.columnStride],
    ...[partial, M, K, N, perPiece, ...scratch],
  ]);
  pool.run('addPartials', 1, [partial, to, used, M * N]);
  backend.wasm._free(partial);
}

/** What may follow a product while its rows are in the cache: a bias [N] (0: none), and a ReLU. */
interface Epilogue {
  readonly bias: number;
  readonly relu: boolean;
}

/** The product of two matrices, to `to`, on as many threads as it is worth. */
export function multiply(
  backend: WasmBackend,
  left: Matrix,
  right: Matrix,
  to: number,
  { bias, relu }: Epilogue = { bias: 0, relu: false },
): void {
  const { pool } = backend;
  const [M, K, N] = [left.rows, left.columns, right.columns];
  if (bias === 0 && K >= deepest && K >= 4 * Math.max(M, N)) {
    multiplyDeep(backend, left, right, to);
    return;
  }
  const shared = M * N * K >= worthSharing;
  const rows = Math.min(mostRows, shared ? Math.ceil(M / 8 / tileRows) * tileRows : mostRows);
  const scratch = pool.scratch(4 * productFloats(rows));
  withPacked(backend, right, (packed) => {
    const operands = [left.address, left.rowStride, left.columnStride, packed, to, M, K, N, rows];
    const args = [...operands, bias, relu ? 1 : 0, ...scratch];
    const chunks = Math.ceil(M / rows);
    if (shared) pool.run('multiplyPacked', chunks, args);
    else for (let chunk = 0; chunk < chunks; chunk++) pool.runHere('multiplyPacked', chunk, args);
  });
}
