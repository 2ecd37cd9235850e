import type { CellKind } from '#core/api/cell-answers.ts';
import type { CellRunner } from '#lib/document/cell-runner.svelte.ts';
import type { CellControls } from './cell-state.ts';

/** How a cell that runs by itself is run and stopped. */
export function liveControls(runner: CellRunner, kind: CellKind): CellControls {
  const isIdle = runner.activityOf(kind).state === 'idle';
  return {
    run: () => runner.run(kind),
    cancel: isIdle ? null : () => runner.cancel(kind),
    hint: `Run ${kind}, and first what it needs`,
  };
}
