import type { Config } from '#core/config/config.ts';
import { AppError } from '#core/error.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { optimizers } from '#core/optimizers/registry.ts';

/** Free bytes below which no run is made, whatever its model: room for its events, predictions and the index. */
const reserve = 512 * 2 ** 20;

/** `best`, `last`, and the one that is written before it takes the place of one of them. */
const copies = 3;

/**
 * Bytes of one checkpoint: weights and the optimizer's buffers, float32. The columns are counted as they are before any
 * turns out constant, and the base step does not change their number.
 */
export function estimateCheckpoint(config: Config): number {
  const { features } = countFeatures(config.features, 3_600_000);
  const parameters = countParameters(config.model, { features, outputs: Object.keys(config.targets.tasks).length });
  const { buffers } = optimizers[config.train.optimizer.kind];
  return 4 * parameters * (1 + buffers);
}

/**
 * Refuses a run that would likely fill the disk: better now than after an hour of training.
 * @param disk `free` answers bytes free on the disk of the runs; `extra` is what the run will copy there besides.
 * @throws AppError disk_full with what is needed, what is free, and what to do.
 */
export async function requireSpace(
  config: Config,
  disk: { readonly free: () => Promise<number>; readonly extra?: number },
): Promise<void> {
  const { extra = 0 } = disk;
  const needed = Math.max(reserve, copies * estimateCheckpoint(config)) + extra;
  const free = await disk.free();
  if (free >= needed) return;
  throw new AppError(
    'disk_full',
    `The disk that holds the runs has ${mib(free)} free; expected ${mib(needed)} at least for this run and its ` +
      'checkpoints. Free some space (runs no longer needed can be deleted), choose a smaller model.variant, or set ' +
      'ALMANAC_HOME to a folder on another disk. No run was made.',
  );
}

function mib(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
}
