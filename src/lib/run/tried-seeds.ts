import type { LineageRun } from '#core/api/lineage.ts';
import { valueAt } from '#core/config/document.ts';
import type { RunDetail } from '#core/run/summary.ts';

/** The seeds that a run and its repeats have had; null where its own is not a number. */
export function triedSeeds(
  { id, parent, config }: Pick<RunDetail, 'id' | 'parent' | 'config'>,
  runs: readonly LineageRun[],
): readonly number[] | null {
  const own = valueAt(config, ['train', 'seed']);
  if (typeof own !== 'number') return null;
  const isRepeat = ({ changed }: LineageRun) => Object.keys(changed).join() === 'train.seed';
  const self = runs.find((run) => run.id === id);
  const base = self && isRepeat(self) ? parent : id;
  const others = runs
    .filter((run) => run.id === base || (isRepeat(run) && run.parent !== null && [id, base].includes(run.parent)))
    .flatMap(({ seed }) => (typeof seed === 'number' ? [seed] : []));
  return [own, ...others];
}
