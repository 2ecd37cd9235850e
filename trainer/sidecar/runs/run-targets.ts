import { targetsSchema } from '#core/config/targets.ts';
import type { TargetKind } from '#core/targets/registry.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';

/** What a run predicts: the kind of each task, and how many bars ahead. */
interface RunTargets {
  readonly kinds: ReadonlyMap<string, TargetKind>;
  readonly horizon: number;
}

/** Null where its configuration has no targets that this version knows. */
export function readTargets({ config }: Pick<StoredRun, 'config'>): RunTargets | null {
  const targets = targetsSchema.safeParse(config['targets']).data;
  if (targets === undefined) return null;
  const kinds = new Map(Object.entries(targets.tasks).map(([task, { kind }]) => [task, kind]));
  return { kinds, horizon: targets.horizon };
}
