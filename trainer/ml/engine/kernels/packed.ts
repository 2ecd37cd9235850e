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
export const tileRows = 6;
const panelColumns = 8;
const innerBlock = 256;
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
