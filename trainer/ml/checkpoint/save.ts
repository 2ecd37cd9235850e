import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { modelVersion } from '#core/models/version.ts';
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
  config: Pick<Config, 'model' | 'train'>,
): (name: string, state: TrainingState) => Promise<SavedCheckpoint> {
  const writer = openWriter();
  let frame: ReturnType<typeof frameCheckpoints> | undefined;
  // An epoch that improved is saved as `best` and as `last`: the same files.
  let newest: { readonly state: TrainingState; readonly files: CheckpointFiles } | undefined;
  return async (name, state) => {
    frame ??= frameCheckpoints(model, state.weights, dataset, config.train);
    const shared = await frame;
    if (newest?.state !== state) newest = { state, files: encodeCheckpoint(shared, state) };
    const { step, epoch } = state;
    const head = { format: shared.format, model: modelVersion(config.model), step, epoch };
    return writer.write({ root, name, files: newest.files, head });
  };
}
