// Input windows: contiguous stretches of the feature matrix.

/** Chunk of to[b] = the `bytes` of features that end with row rows[b]; a row has `rowBytes`. */
export function gatherWindows(
  chunk: usize, features: usize, rows: usize, to: usize, count: usize, bytes: usize, rowBytes: usize, perChunk: usize,
): void {
  const first = chunk * perChunk, last = min(count, first + perChunk);
  for (let index = first; index < last; index++) {
    const end = features + (<usize>load<i32>(rows + index * 4) + 1) * rowBytes;
    memory.copy(to + index * bytes, end - bytes, bytes);
  }
}
