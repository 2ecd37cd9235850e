import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Dataset } from '#core/dataset/dataset.ts';
import { scorePredictions } from '#core/metrics/evaluate.ts';
import { runFiles } from '#core/run/run-files.ts';
import { decodeCheckpoint } from '#trainer/ml/checkpoint/contents.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import type { Model } from '#trainer/ml/models/model.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import type { Control } from '#trainer/run-folder/control.ts';
import { toEventNumbers } from './event-hooks.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';
import { type SplitPredictions, toPredictionsCsv } from './predictions.ts';
import { replaceFile } from '#disk/replace-file.ts';

const fileOf = { validation: runFiles.predictions, test: runFiles.testPredictions } as const;

/**
 * Scores checkpoint `best`, as it lies on the disk, on validation and test: a `result` event each, with baselines and
 * checks, and a file of predictions each, so that the sidecar can keep back the test's. Where no epoch was ever selected,
 * `final` is scored and the log says so. False where a stop was wanted before it was done.
 */
export async function evaluateBest(
  folder: string,
  dataset: Dataset,
  model: Model,
  final: TrainingState,
  log: EventLog,
  control: Pick<Control, 'want'>,
): Promise<boolean> {
  const warn = (message: string) => void log.append({ type: 'log', level: 'warn', message });
  const stored = await readCheckpoint(join(folder, runFiles.checkpoints), 'best', { warn });
  const state = stored ? decodeCheckpoint(stored.files) : final;
  const which = stored
    ? `Checkpoint best (epoch ${state.epoch}, step ${state.step})`
    : 'The last state, for want of a best one,';
  log.append({ type: 'log', level: stored ? 'info' : 'warn', message: `${which} is scored on validation and test.` });
  const isStopped = async () => {
    await turn();
    return control.want() === 'stop';
  };
  const scored: SplitPredictions[] = [];
  for (const split of ['validation', 'test'] as const) {
    const predictions = await predict(model, state.weights, dataset, split, isStopped);
    if (predictions === null) return false;
    scored.push({ split, predictions });
    const { metrics, baselines, checks, ...findings } = scorePredictions({ dataset, split, predictions });
    log.append({
      type: 'result',
      split,
      metrics: toEventNumbers(metrics),
      baselines: Object.fromEntries(Object.entries(baselines).map(([name, values]) => [name, toEventNumbers(values)])),
      checks: [...checks],
      ...findings,
    });
  }
  for (const one of scored) await replaceFile(join(folder, fileOf[one.split]), toPredictionsCsv(dataset, one));
  return true;
}
