import { regressionParts } from '#core/metrics/regression.ts';
import type { Scale, Standard } from './scale.ts';

/** A number of some size around zero, standardised by mean and deviation; its sign is a direction. */
export const valueScale: Scale = {
  name: 'value',
  middle: 0,
  selectors: ['rmse', 'mae', 'r2', 'ic', 'da', 'f1'],
  fit: moments,
  toUnits: (outputs, { mean, sd }) => outputs.map((z) => z * sd + mean),
  constant: (_labels, _train, { mean }) => mean,
  confine: (forecast) => forecast,
  parts: (predicted, actual, { mean }) => regressionParts(predicted, actual, mean),
};

function moments(labels: Float64Array, rows: Int32Array): Standard {
  let sum = 0;
  for (const row of rows) sum += labels[row];
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (labels[row] - mean) ** 2;
  const sd = Math.sqrt(squares / rows.length);
  // The labels of a market that never moved have a deviation of 0; they are divided by 1 instead.
  return { mean, sd: sd > 0 ? sd : 1 };
}
