import { expect, it } from 'vitest';
import { triedSeeds } from '#lib/run/tried-seeds.ts';
import { runDetail, runSummary } from '#tests/support/run-summary.ts';

const seeded = (number: number, parent: string | null, seed: number) => ({
  ...runSummary({ id: `r${number}`, number, parent, changed: parent ? { 'train.seed': [1, seed] } : {} }),
  seed,
});
const own = (id: string, parent: string | null, seed: unknown) =>
  runDetail({ id, parent, config: { train: { seed } } });

it('the seeds of a run are its own, those of what it repeats and of what repeats it', () => {
  const runs = [seeded(1, null, 1), seeded(2, 'r1', 2), seeded(3, 'r1', 7), seeded(4, 'r9', 20)];
  expect(triedSeeds(own('r1', null, 1), runs)).toEqual([1, 1, 2, 7]);
  expect(triedSeeds(own('r2', 'r1', 2), runs)).toEqual([2, 1, 2, 7]);
  expect(triedSeeds(own('r5', null, 3), [])).toEqual([3]);
  expect(triedSeeds(own('r5', null, undefined), [])).toBeNull();
});
