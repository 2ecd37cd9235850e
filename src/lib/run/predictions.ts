/** Target and prediction of one task on one split, as columns of equal length. */
interface PredictionColumns {
  readonly task: string;
  readonly target: readonly number[];
  readonly prediction: readonly number[];
}

/**
 * Reads `predictions.csv`: columns time, split, then target and prediction, and `target_<task>`, `prediction_<task>`
 * where there are several tasks. Rows that hold no numbers are left out.
 */
export function parsePredictions(csv: string, split: string): readonly PredictionColumns[] {
  const lines = csv.split(/\r?\n/);
  const header = lines[0]?.split(',') ?? [];
  const splitAt = header.indexOf('split');
  const named = header.flatMap((name) => /^target_(.+)$/.exec(name)?.[1] ?? []);
  const tasks = named.length > 0 ? named : [''];
  const columns = tasks.map((task) => ({
    task,
    targetAt: header.indexOf(task ? `target_${task}` : 'target'),
    predictionAt: header.indexOf(task ? `prediction_${task}` : 'prediction'),
    target: [] as number[],
    prediction: [] as number[],
  }));
  for (const line of lines.slice(1)) {
    const cells = line.split(',');
    if (cells[splitAt] !== split) continue;
    for (const column of columns) {
      const target = Number(cells[column.targetAt] || NaN);
      const prediction = Number(cells[column.predictionAt] || NaN);
      if (Number.isNaN(target) || Number.isNaN(prediction)) continue;
      column.target.push(target);
      column.prediction.push(prediction);
    }
  }
  return columns
    .filter((column) => column.target.length > 0)
    .map(({ task, target, prediction }) => ({ task, target, prediction }));
}
