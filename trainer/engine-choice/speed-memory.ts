import { z } from 'zod';
import { type Speed, speedSchema } from '#core/api/cell-answers.ts';
import type { Config } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { replaceJson } from '#disk/replace-file.ts';
import { describeSurroundings } from './surroundings.ts';
import { listGpus } from '#trainer/engines/gpus.ts';

const entrySchema = z.object({ of: z.string(), surroundings: z.string(), speed: speedSchema });
type Entry = z.infer<typeof entrySchema>;

/** `runs/speeds.json`: what real steps of models took, newest first. */
const fileSchema = z.object({ format: z.literal(1), speeds: z.array(entrySchema) });

const most = 500;
const hour = 3_600_000;

/** What was measured of single models on single devices, from one start to the next. */
export interface SpeedMemory {
  /** The newest measurement of this model on this device, by this program on this machine; null where there is none. */
  find(config: Config, device: string): Promise<Speed | null>;
  /** Keeps one. Never rejects: what cannot be kept is measured again. */
  put(config: Config, device: string, speed: Speed): Promise<void>;
}

interface SpeedMemoryOptions {
  readonly warn: (message: string, error: unknown) => void;
  readonly surroundings?: () => Promise<string>;
}

/** @returns a memory in the file at `path`. */
export function openSpeedMemory(path: string, options: SpeedMemoryOptions): SpeedMemory {
  const { warn, surroundings = async () => describeSurroundings(await listGpus()) } = options;
  let known: Promise<string> | undefined;
  const here = () => (known ??= surroundings());
  let saving: Promise<void> = Promise.resolve();
  return {
    async find(config, device) {
      const [of, own] = [trainedAlike(config, device), await here()];
      const found = (await read(path)).find((entry) => entry.of === of && entry.surroundings === own);
      return found?.speed ?? null;
    },
    put(config, device, speed) {
      saving = saving
        .then(async () => {
          const entry: Entry = { of: trainedAlike(config, device), surroundings: await here(), speed };
          const others = (await read(path)).filter(({ of }) => of !== entry.of);
          await replaceJson(path, { format: 1, speeds: [entry, ...others].slice(0, most) });
        })
        .catch((error: unknown) => warn('Remembering how fast a model trains', error));
      return saving;
    },
  };
}

/**
 * All that the speed of a model depends on beside the machine: its network and how it is trained, not what is in the
 * data. Columns that the data leaves out are left out for every model of it.
 */
export function trainedAlike({ features, targets, model, train }: Config, device: string): string {
  const { batch_size, optimizer, clip_norm } = train;
  return canonicalJson({
    device,
    model,
    columns: countFeatures(features, hour).features,
    outputs: Object.keys(targets.tasks).length,
    batch: batch_size,
    optimizer: optimizer.kind,
    clips: clip_norm !== null,
  });
}

async function read(path: string): Promise<readonly Entry[]> {
  try {
    return fileSchema.parse(JSON.parse(await readPlainFile(path))).speeds;
  } catch {
    // It is missing, was edited by hand, or is of a later version: models are simply measured again.
    return [];
  }
}
