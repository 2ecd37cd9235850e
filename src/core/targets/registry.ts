import { direction } from './direction.ts';
import { forwardReturn } from './return.ts';
import type { Target } from './target.ts';

/** Every kind of task a notebook can name, in the order of the form. To add one: its file, and a line here. */
export const targets = [forwardReturn, direction] as const;
export type TargetKind = (typeof targets)[number]['kind'];

export const targetKinds: readonly TargetKind[] = targets.map(({ kind }) => kind);

export function targetOf(kind: TargetKind): Target<TargetKind> {
  return targets.find((target) => target.kind === kind)!;
}
