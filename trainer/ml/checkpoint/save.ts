import type { TrainConfig } from '#core/config/train.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import type { Model } from '../models/model.ts';
import type { TrainingState } from '../training-state.ts';
import { encodeCheckpoint, frameCheckpoints } from './contents.ts';
import type { CheckpointFiles } from './manifest.ts';
import type { SavedCheckpoint } from './write.ts';
import { openWriter } from './writer.ts';

/**
 * Saves states of one run under `root`, in a thread of its own: the promise is kept when all is on the disk. What all
 * of them share is made when the first is saved, not before training begins.
 */
export function openSaver(
  root: string,
  model: Model,
  dataset: Dataset,
  train: TrainConfig,
): (name: string, state: TrainingState) => Promise<SavedCheckpoint> {
  const writer = openWriter();
  let frame: ReturnType<typeof frameCheckpoints> | undefined;
  // An epoch that improved is saved as `best` and as `last`: the same files.
  let newest: { readonly state: TrainingState; readonly files: CheckpointFiles } | undefined;
  return async (name, state) => {
    frame ??= frameCheckpoints(model, state.weights, dataset, train);
    const shared = await frame;
    if (newest?.state !== state) newest = { state, files: encodeCheckpoint(shared, state) };
    const { step, epoch } = state;
    return writer.write({ root, name, files: newest.files, head: { format: shared.format, step, epoch } });
  };
}
