import { expect, it } from 'vitest';
import type { ComparedRun } from '#core/api/run-diff.ts';
import { lackingSeeds } from '#lib/compare/lacking-seeds.ts';
import { comparedRun } from './compared-run.ts';

/** A run with those that differ from it by their seed alone, itself included. */
function run(id: string, others: readonly string[], missing: readonly number[]): ComparedRun {
  const runs = [id, ...others].map((each, at) => {
    const status = each.startsWith('queued') ? ('queued' as const) : ('completed' as const);
    return { id: each, number: at, seed: at, status };
  });
  return comparedRun(1, { id, seeds: { runs, spread: {}, missing, seconds: 1 } });
}

it('of runs that differ by their seed alone one stands for all: nothing is made or told twice', () => {
  const { missing, underway } = lackingSeeds([
    run('a', ['b', 'queued-1'], [4]),
    run('b', ['a', 'queued-1'], [4]),
    run('c', ['queued-2'], []),
    run('d', [], [2, 3]),
  ]);
  expect(missing.map(({ run: { id }, seeds }) => [id, seeds])).toEqual([
    ['a', [4]],
    ['d', [2, 3]],
  ]);
  expect(underway.map(({ id }) => id)).toEqual(['queued-1', 'queued-2']);
});
