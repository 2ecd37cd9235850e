import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { type Architecture, modelOf } from './registry.ts';

/** Which network weights belong to, as the manifest of a checkpoint says it. */
export const modelVersionSchema = z.object({ architecture: z.string(), version: z.int().min(1) });
type ModelVersion = z.infer<typeof modelVersionSchema>;

type Settings = { readonly architecture: Architecture } & Parameters<
  NonNullable<ReturnType<typeof modelOf>['version']>
>[0];

/** The form of a configured network that this program builds, from 1. */
export function modelVersion(settings: Settings): ModelVersion {
  const { architecture } = settings;
  return { architecture, version: modelOf(architecture).version?.(settings) ?? 1 };
}

/**
 * Refuses weights of another form of the network `settings`; `found` is what the manifest of checkpoint `name` says, nothing
 * where it is older than these versions: then it is of version 1.
 * @throws AppError checkpoint_outdated naming network, both versions and what to do.
 */
export function requireModelVersion(name: string, found: ModelVersion | undefined, settings: Settings): void {
  const { version: expected } = modelVersion(settings);
  const received = found?.version ?? 1;
  if (received === expected) return;
  const { title } = modelOf(settings.architecture);
  const message = `expected version ${expected} of ${title}, received version ${received}`;
  throw new AppError(
    'checkpoint_outdated',
    `Checkpoint ${name} has weights of ${title} version ${received}; this program builds version ${expected}, in which they ` +
      'would compute something else. Its model.json still predicts in any TensorFlow.js program; to train this model, start ' +
      'a new run, or fork without from, which starts from random weights.',
    { issues: [{ path: 'model.architecture', message }] },
  );
}
