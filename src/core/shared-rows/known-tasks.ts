import type { TargetKind } from '#core/targets/registry.ts';
import type { Forecasts } from './forecasts.ts';

/** Labels and forecasts of one task, in target units, with the kind of its target. */
export interface KnownTask {
  readonly name: string;
  readonly kind: TargetKind;
  readonly target: readonly number[];
  readonly prediction: readonly number[];
}

/** The tasks whose kind `kinds` tells, in their order. */
export function knownTasks({ tasks }: Forecasts, kinds: ReadonlyMap<string, TargetKind>): readonly KnownTask[] {
  return tasks.flatMap(({ task: name, target, prediction }) => {
    const kind = kinds.get(name);
    return kind === undefined ? [] : [{ name, kind, target, prediction }];
  });
}
