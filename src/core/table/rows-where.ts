/** Indices at which a test holds. */
export function indicesWhere(size: number, test: (index: number) => boolean): Int32Array {
  const indices = new Int32Array(size);
  let kept = 0;
  for (let i = 0; i < size; i++) if (test(i)) indices[kept++] = i;
  return indices.subarray(0, kept);
}

/** Those of some rows of which a test holds. */
export function rowsWhere(rows: Int32Array, test: (row: number) => boolean): Int32Array {
  const some = new Int32Array(rows.length);
  let kept = 0;
  for (let k = 0; k < rows.length; k++) if (test(rows[k])) some[kept++] = rows[k];
  return some.subarray(0, kept);
}
