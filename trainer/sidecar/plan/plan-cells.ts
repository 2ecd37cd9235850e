import { cellObstacle, changesOf, changeWords } from '#core/notebook/graph.ts';
import type { Plan, PlannedCell } from '#core/api/plan.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { type Group, groups } from '#core/config/config.ts';
import type { Issue } from '#core/error.ts';
import { reasonOfStep } from '#core/steps/step-reason.ts';
import type { StepOutlook } from '#trainer/steps/steps.ts';

/** What a run is planned against: its parent, else the newest run of its notebook. */
interface Reference {
  /** R12. */
  readonly name: string;
  /** Keys that differ from it. */
  readonly changed: ConfigDiff;
  /** What each step took there to compute; null where that is not known. */
  readonly seconds: Readonly<Partial<Record<StepOutlook['step'], number>>>;
}

interface CellsToPlan {
  /** Cells with a problem. */
  readonly broken: readonly Group[];
  readonly issues: readonly Issue[];
  /** How the steps before the model would go; null where that cannot be told. */
  readonly steps: readonly StepOutlook[] | null;
  readonly reference: Reference | null;
  /** Seconds of the training; null where they are not known. */
  readonly training: number | null;
}

const stepOf = { data: 'data', features: 'features', targets: 'samples' } as const;

/** What becomes of each cell, and why, in words. */
export function planCells(known: CellsToPlan): Plan['cells'] {
  return groups.map((kind) => planCell(kind, known));
}

function planCell(kind: Group, { broken, issues, steps, reference, training }: CellsToPlan): PlannedCell {
  if (broken.includes(kind)) {
    const own = issues.find(({ path }) => path === kind || path.startsWith(`${kind}.`)) ?? issues[0];
    return { kind, action: 'wrong', reason: own?.message ?? 'it cannot be read', seconds: null };
  }
  const obstacle = cellObstacle(kind, broken);
  if (obstacle !== null)
    return { kind, action: 'blocked', reason: `waits for ${obstacle}, which has a problem`, seconds: null };
  switch (kind) {
    case 'data':
    case 'features':
    case 'targets': {
      const step = steps?.find((one) => one.step === stepOf[kind]);
      if (step === undefined) return { kind, action: 'run', reason: 'never computed', seconds: null };
      const isReused = step.from !== 'computed';
      const reason = reasonOfStep({ ...step, seconds: 0, saved: null }, reference?.changed ?? {});
      return isReused
        ? { kind, action: 'cached', reason, seconds: 0 }
        : { kind, action: 'run', reason, seconds: reference?.seconds[step.step] ?? null };
    }
    case 'model':
      return { kind, action: 'run', reason: ownReason(kind, reference, 'its network is built'), seconds: 0 };
    case 'loss':
      return { kind, action: 'run', reason: ownReason(kind, reference, 'it is computed while training'), seconds: 0 };
    case 'train':
      return { kind, action: 'run', reason: trainReason(reference), seconds: training };
  }
}

function ownReason(kind: Group, reference: Reference | null, doing: string): string {
  if (reference === null) return doing;
  const own = changesOf(reference.changed, kind);
  return own.length > 0 ? own.join(', ') : `as in ${reference.name}: ${doing}`;
}

function trainReason(reference: Reference | null): string {
  if (reference === null) return 'never run';
  return changeWords(reference.changed, 'train') || `as in ${reference.name}`;
}
