import { z } from 'zod';

/**
 * What a split of a run is scored on: the rows that are eligible before features and lookback take any away
 * (SAMPLES.md#evaluation-keys). Two runs whose keys are equal are scored on the same instants and labels.
 */
const evaluatedRows = z.object({
  key: z.string().describe('sha256 in hex of the instants and labels of the eligible rows'),
  from: z.number().describe('Opening time of the first eligible bar, ms UTC'),
  to: z.number().describe('Opening time of the last eligible bar, ms UTC'),
  rows: z.int().describe('Eligible rows'),
  horizon: z.int().describe('Bars that a label looks ahead'),
});
export type EvaluatedRows = z.infer<typeof evaluatedRows>;

/** Of the two splits that are scored; validation ranks runs, the seal goes by test. */
export const evaluationSchema = z
  .object({ validation: evaluatedRows, test: evaluatedRows })
  .meta({ ref: 'Evaluation', description: 'Which rows a run is scored on' });
export type Evaluation = z.infer<typeof evaluationSchema>;
