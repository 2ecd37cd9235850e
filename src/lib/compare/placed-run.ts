import type { ComparedRun } from '#core/api/run-diff.ts';
import type { LineLook } from '#lib/chart/line-series.ts';
import type { CompareAddress } from './compare-address.ts';
import { runLook } from './run-look.ts';

/** A run with its place in a comparison. */
export interface PlacedRun {
  readonly run: ComparedRun;
  /** R12 */
  readonly label: string;
  /** As the address names it. */
  readonly name: string;
  readonly look: LineLook;
  readonly isBase: boolean;
}

/** Compared runs, the base first, with the look that each has by its place in the address. */
export function placeRuns(runs: readonly ComparedRun[], address: Pick<CompareAddress, 'runs'>): readonly PlacedRun[] {
  return runs.map((run, at) => {
    const label = `R${run.number}`;
    const name = address.runs.includes(label) ? label : run.id;
    return { run, label, name, look: runLook(Math.max(0, address.runs.indexOf(name)), at === 0), isBase: at === 0 };
  });
}
