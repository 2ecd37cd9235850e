import { createHash } from 'node:crypto';
import type { Dataset, ScoredSplit } from '#core/dataset/dataset.ts';
import { evaluatedRows } from '#core/dataset/evaluated-rows.ts';
import type { EvaluatedRows, Evaluation } from '#core/run/evaluation.ts';

/** Names the rows that a run on this data set is scored on (SAMPLES.md#evaluation-keys). */
export function keyEvaluation(dataset: Dataset): Evaluation {
  return { validation: keyRows(dataset, 'validation'), test: keyRows(dataset, 'test') };
}

function keyRows(dataset: Dataset, split: ScoredSplit): EvaluatedRows {
  const { bytes, ...rows } = evaluatedRows(dataset, split);
  return { key: createHash('sha256').update(bytes).digest('hex'), ...rows };
}
