/** How work on `count` items is cut. */
interface Share {
  readonly chunks: number;
  readonly perChunk: number;
}

/**
 * Chunks of at least `least` items (a multiple of `multiple`): below that, waking a thread costs more than it saves. Sizes
 * alone decide, not the threads there are, so that sums that depend on the cut are the same on every machine.
 */
export function share(count: number, least: number, multiple = 1): Share {
  const pieces = Math.max(1, Math.min(64, Math.floor(count / least)));
  const perChunk = Math.max(multiple, Math.ceil(count / pieces / multiple) * multiple);
  return { chunks: Math.max(1, Math.ceil(count / perChunk)), perChunk };
}
