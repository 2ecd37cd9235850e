import type { Dataset } from '#core/dataset/dataset.ts';

/** Forecasts of one split, an array a task in target units (trainer/ml/evaluate.ts). */
export interface SplitPredictions {
  readonly split: 'validation' | 'test';
  readonly predictions: readonly Float64Array[];
}

/**
 * A file of predictions, of one split: `time` is the decision time (the close of the window's last bar), `target` and `prediction`
 * are those of the first task. With several tasks each has two columns of its own besides.
 */
export function* toPredictionsCsv(dataset: Dataset, { split, predictions }: SplitPredictions): Generator<string> {
  const own = dataset.tasks.length > 1 ? dataset.tasks.map((_, k) => k) : [];
  const head = ['time', 'split', 'target', 'prediction'];
  for (const k of own) head.push(`target_${dataset.tasks[k].name}`, `prediction_${dataset.tasks[k].name}`);
  yield `${head.join(',')}\n`;
  let chunk = '';
  for (const [i, row] of dataset.samples[split].entries()) {
    const cells: (string | number)[] = [new Date(dataset.decision[row]).toISOString(), split];
    for (const k of [0, ...own]) cells.push(toCell(dataset.tasks[k].raw[row]), toCell(predictions[k][i]));
    chunk += `${cells.join(',')}\n`;
    if (chunk.length > 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

/** An absent label is an empty cell. */
function toCell(value: number): string | number {
  return Number.isNaN(value) ? '' : value;
}
