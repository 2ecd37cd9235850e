import { columnOf, type ScoreParts } from './score-parts.ts';

/** Mean log loss (natural logarithm) and Brier score of probabilities of "up" against labels 0/1 without NaN. */
export function probabilityParts(probability: Float64Array, label: Float64Array): ScoreParts {
  return {
    columns: [
      columnOf(label.length, () => 1),
      columnOf(label.length, (i) => {
        // A certain and wrong forecast would weigh infinitely.
        const p = Math.min(1 - 1e-7, Math.max(1e-7, probability[i]));
        return -Math.log(label[i] > 0.5 ? p : 1 - p);
      }),
      columnOf(label.length, (i) => (probability[i] - label[i]) ** 2),
    ],
    scores([n, loss, brier]) {
      return { log_loss: loss / n, brier: brier / n };
    },
  };
}
