import type { LineageRun } from '#core/api/lineage.ts';
import { valueAt } from '#core/config/document.ts';
import { setValue } from '#core/notebook/edit.ts';
import type { RunDetail } from '#core/run/summary.ts';

/** The seed after the highest that this run and its repeats have had; null where its own is not a number. */
export function nextSeed(
  { id, parent, config }: Pick<RunDetail, 'id' | 'parent' | 'config'>,
  runs: readonly LineageRun[],
): number | null {
  const own = valueAt(config, ['train', 'seed']);
  if (typeof own !== 'number') return null;
  const isRepeat = ({ changed }: LineageRun) => Object.keys(changed).join() === 'train.seed';
  const self = runs.find((run) => run.id === id);
  const base = self && isRepeat(self) ? parent : id;
  const seeds = runs
    .filter((run) => run.id === base || (isRepeat(run) && run.parent !== null && [id, base].includes(run.parent)))
    .flatMap(({ seed }) => (typeof seed === 'number' ? [seed] : []));
  return Math.max(own, ...seeds) + 1;
}

/** A notebook with another seed written into its train cell. */
export function withSeed(source: string, seed: number): string {
  return setValue(source, 'train', ['seed'], seed);
}
