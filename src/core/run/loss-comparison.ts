import type { RunSummary } from './summary.ts';

type Trained = Pick<RunSummary, 'loss'>;

/** The metric whose unit is the loss of its run. */
export const lossMetric = 'val.loss';

/** Whether the losses of two runs are in one unit: of the same tasks, losses and weights, all of them known. */
export function isSameLoss(one: Trained, other: Trained): boolean {
  return one.loss !== null && one.loss === other.loss;
}

/**
 * In what the losses of two runs differ, from the first one's side: "other loss: mse of return instead of huber of return
 * (delta 1)"; null where they are the same.
 */
export function lossDifference(own: Trained, other: Trained): string | null {
  if (isSameLoss(own, other)) return null;
  return `other loss: ${own.loss ?? 'not known'} instead of ${other.loss ?? 'one that is not known'}`;
}

/** The loss that most of these runs have, newest first: of equals that of the newest; null where none is known. */
export function commonestLoss(runs: readonly Trained[]): string | null {
  const counts = Map.groupBy(
    runs.flatMap(({ loss }) => loss ?? []),
    (loss) => loss,
  );
  return [...counts].reduce<readonly [string | null, number]>(
    (most, [loss, { length }]) => (length > most[1] ? [loss, length] : most),
    [null, 0],
  )[0];
}
