import { z } from 'zod';
import type { ModelConfig } from '#core/config/model.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { requireModelVersion } from '#core/models/version.ts';
import { checkpointFiles, runFiles } from '#core/run/run-files.ts';
import { requireSameArrays } from '../data/named-array.ts';
import type { Model } from '../models/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import { decodeCheckpoint } from './contents.ts';
import { readCheckpoint } from './read.ts';

/** Weights that a run starts from instead of random ones. */
interface InitialWeights {
  readonly weights: readonly NamedArray[];
  /** What a person should know of them. */
  readonly notes: readonly { readonly level: 'info' | 'warn'; readonly message: string }[];
}

const scalerSchema = z.object({
  features: z.array(z.string()),
  tasks: z.array(z.object({ name: z.string(), kind: z.string() })),
});
type Trained = z.infer<typeof scalerSchema>;

const next = 'Fork without from to start from random weights, or keep features, targets and model as they were.';

/**
 * The weights in the checkpoint folder `initial` of a run, which a fork from a checkpoint was given at its creation; null
 * where there is none. Throws invalid_config where they do not fit the model and data of this run, naming the
 * difference, checkpoint_outdated where they are of another form of the network `config`, and checkpoint_damaged where
 * the folder is not whole.
 */
export async function findInitialWeights(
  runFolder: string,
  config: ModelConfig,
  model: Model,
  dataset: Pick<Dataset, 'names' | 'tasks'>,
): Promise<InitialWeights | null> {
  const stored = await readCheckpoint(runFolder, runFiles.start);
  if (stored === null) return null;
  requireModelVersion(stored.folder, stored.manifest.model, config);
  const state = decodeCheckpoint(stored.files);
  const trained = parseScaler(stored.files[checkpointFiles.scaler]);
  requireSameWidths(trained, dataset);
  requireSameArrays('weights', state.weights, model.parameters);
  const notes: InitialWeights['notes'][number][] = [
    {
      level: 'info',
      message: `Starting weights: the parent's checkpoint of epoch ${state.epoch}, step ${state.step}.`,
    },
  ];
  const moved = dataset.names.flatMap((name, i) =>
    name === trained.features[i] ? [] : [`${name} in the place of ${trained.features[i]}`],
  );
  if (moved.length > 0) {
    const message = `The starting weights were trained on other features: ${list(moved)}. What they learned of these is of no use.`;
    notes.push({ level: 'warn', message });
  }
  return { weights: state.weights, notes };
}

function requireSameWidths(trained: Trained, { names, tasks }: Pick<Dataset, 'names' | 'tasks'>): void {
  const kinds = (of: readonly { readonly kind: string }[]) => of.map(({ kind }) => kind).join(', ');
  if (kinds(trained.tasks) !== kinds(tasks)) {
    const message = `expected tasks of the kinds ${kinds(trained.tasks)}, as the checkpoint has, received ${kinds(tasks)}`;
    throw misfit('targets.tasks', message);
  }
  if (trained.features.length === names.length) return;
  const added = names.filter((name) => !trained.features.includes(name));
  const gone = trained.features.filter((name) => !names.includes(name));
  const differences = [
    ...(added.length > 0 ? [`new: ${list(added)}`] : []),
    ...(gone.length > 0 ? [`missing: ${list(gone)}`] : []),
  ].join('; ');
  throw misfit(
    'features',
    `expected the ${trained.features.length} features of the checkpoint, received ${names.length} (${differences})`,
  );
}

function misfit(path: string, message: string): AppError {
  const text = `The checkpoint that this run was to start from does not fit: ${path}: ${message}. ${next}`;
  return new AppError('invalid_config', text, { issues: [{ path, message }] });
}

function parseScaler(bytes: Uint8Array | undefined): Trained {
  try {
    return scalerSchema.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8')));
  } catch (cause) {
    const message = 'scaler.json of the checkpoint cannot be read. Take another checkpoint.';
    throw new AppError('checkpoint_damaged', message, { cause });
  }
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 6).join(', ');
  return items.length > 6 ? `${shown} and ${items.length - 6} more` : shown;
}
