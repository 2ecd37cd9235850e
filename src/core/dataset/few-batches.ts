/** What is to be said of a batch that the train windows make fewer than ten of; null where there is nothing to say. */
export function fewBatchesNote(windows: number, batch: number): string | null {
  if (windows >= 10 * batch) return null;
  return `${windows} train windows are fewer than ten batches of ${batch}; a smaller train.batch_size learns better`;
}
