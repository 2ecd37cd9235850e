import type { ModelConfig } from '#core/config/model.ts';
import { AppError } from '#core/error.ts';
import { requireModelVersion } from '#core/models/version.ts';
import type { TrainingState } from '../training-state.ts';
import { decodeCheckpoint } from './contents.ts';
import { type CheckpointDisk, checkpointDisk } from './disk.ts';
import { readCheckpoint } from './read.ts';

/**
 * The state from which to go on: that of `last`, else of `last.old`, else of `best` (earlier, but as exact). Null where
 * there is no checkpoint at all: then training begins again, which ends the same. Throws checkpoint_damaged where
 * there are checkpoints and none is sound, checkpoint_outdated where they are of another form of the network `model`.
 */
export async function findResumeState(
  root: string,
  model: ModelConfig,
  options: { readonly disk?: CheckpointDisk; readonly warn?: (message: string) => void } = {},
): Promise<{ readonly folder: string; readonly state: TrainingState } | null> {
  const { disk = checkpointDisk, warn = () => {} } = options;
  let damage: AppError | null = null;
  for (const name of ['last', 'best']) {
    try {
      const stored = await readCheckpoint(root, name, { disk, warn });
      if (!stored) continue;
      requireModelVersion(stored.folder, stored.manifest.model, model);
      return { folder: stored.folder, state: decodeCheckpoint(stored.files) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'checkpoint_outdated') throw error;
      damage ??= error;
      warn(error.message);
    }
  }
  if (damage) throw damage;
  return null;
}
