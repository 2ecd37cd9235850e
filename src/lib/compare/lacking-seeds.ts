import type { ComparedRun } from '#core/api/run-diff.ts';
import { isSettled } from '#core/run/state.ts';

/** Runs that are to be made of others, or are on their way, so that each configuration has three seeds. */
interface LackingSeeds {
  /** Of runs that differ by their seed alone one stands for all. */
  readonly missing: readonly { readonly run: ComparedRun; readonly seeds: readonly number[] }[];
  readonly underway: ComparedRun['seeds']['runs'];
}

export function lackingSeeds(runs: readonly ComparedRun[]): LackingSeeds {
  const different = runs.filter(
    (run, at) => !runs.slice(0, at).some(({ seeds }) => seeds.runs.some(({ id }) => id === run.id)),
  );
  return {
    missing: different.flatMap((run) => (run.seeds.missing.length === 0 ? [] : [{ run, seeds: run.seeds.missing }])),
    underway: different.flatMap(({ seeds }) =>
      seeds.runs.filter(({ id, status }) => !isSettled(status) && !runs.some((run) => run.id === id)),
    ),
  };
}
