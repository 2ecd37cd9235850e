import { columnOf, type ScoreParts } from './score-parts.ts';

/** Log loss (natural logarithm) and squared error of each probability of "up" against labels 0/1 without NaN. */
export function probabilityLosses(
  probability: Float64Array,
  label: Float64Array,
): { readonly log: Float64Array; readonly squared: Float64Array } {
  return {
    log: columnOf(label.length, (i) => {
      // A certain and wrong forecast would weigh infinitely.
      const p = Math.min(1 - 1e-7, Math.max(1e-7, probability[i]));
      return -Math.log(label[i] > 0.5 ? p : 1 - p);
    }),
    squared: columnOf(label.length, (i) => (probability[i] - label[i]) ** 2),
  };
}

/** Their means: log loss and Brier score. */
export function probabilityParts(probability: Float64Array, label: Float64Array): ScoreParts {
  const { log, squared } = probabilityLosses(probability, label);
  return {
    columns: [columnOf(label.length, () => 1), log, squared],
    scores([n, loss, brier]) {
      return { log_loss: loss / n, brier: brier / n };
    },
  };
}
