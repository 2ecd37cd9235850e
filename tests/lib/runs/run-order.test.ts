import { describe, expect, it } from 'vitest';
import type { EventNumber } from '#core/run/event.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { isDownFirst, orderRuns, rankRuns, rowLetters } from '#lib/runs/run-order.ts';
import { evaluationOf, runSummary } from '#tests/support/run-summary.ts';

function run(number: number, loss: EventNumber | null, key: string | null = 'k'): RunSummary {
  const createdAt = new Date(number * 1000).toISOString();
  const best: Record<string, EventNumber> = loss === null ? {} : { 'val.loss': loss };
  // A dead run's newest loss: it is no score of a checkpoint.
  const metrics = { latest: { 'val.loss': 0.001 }, best };
  return runSummary({ id: String(number), number, createdAt, metrics, evaluation: evaluationOf(key), loss: 'huber' });
}

const numbersOf = (runs: readonly RunSummary[]) => runs.map(({ number }) => number);

describe('the order of the table', () => {
  const runs = [run(1, 0.9), run(2, null), run(3, 0.5), run(4, 'NaN'), run(5, '-Infinity'), run(6, 'Infinity')];

  it.each([false, true])('puts dashes, NaN and infinities last, down: %s', (down) => {
    const order = numbersOf(orderRuns(runs, { key: 'val.loss', down }, 0));
    expect(order).toEqual([...(down ? [1, 3] : [3, 1]), 6, 5, 4, 2]);
  });

  it('is that of the numbers where nothing else is asked', () => {
    expect(numbersOf(orderRuns(runs, { key: 'number', down: true }, 0))).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('ranks by a score within the same rows only, and runs of unknown rows not at all', () => {
    const mixed = [run(1, 0.1, 'a'), run(2, 0.5, 'b'), run(3, 0.2, null), run(4, 0.3, 'a'), run(5, 0.9, null)];
    const groups = rankRuns(mixed, { key: 'val.loss', down: false }, 0);
    expect(groups.map(({ rows, runs: members }) => [rows, numbersOf(members)])).toEqual([
      ['a', [1, 4]],
      ['b', [2]],
      [null, [5, 3]],
    ]);
  });

  it('ranks losses among runs of the same loss only, and an unknown one not at all', () => {
    const of = (loss: string | null, each: RunSummary): RunSummary => ({ ...each, loss });
    const mixed = [
      of('mse', run(1, 0.9)),
      of('mae', run(2, 0.2)),
      of('mse', run(3, 0.4)),
      of('mse', run(4, 0.1, 'b')),
      of(null, run(5, 0.3)),
      of(null, run(6, 0.8)),
    ];
    const shown = (key: 'val.loss' | 'val.da') =>
      rankRuns(mixed, { key, down: false }, 0).map(({ rows, loss, runs: members }) => [rows, loss, numbersOf(members)]);
    expect(shown('val.loss')).toEqual([
      ['k', null, [6, 5]],
      ['k', 'mse', [3, 1]],
      ['k', 'mae', [2]],
      ['b', 'mse', [4]],
    ]);
    expect(shown('val.da')).toEqual([
      ['k', null, [6, 5, 3, 2, 1]],
      ['b', null, [4]],
    ]);
  });

  it('begins with what is good or new', () => {
    const first = Object.fromEntries(
      (['val.da', 'val.loss', 'val.f1', 'val.rmse', 'number', 'state', 'created'] as const).map((key) => [
        key,
        isDownFirst(key),
      ]),
    );
    expect(first).toEqual({
      'val.da': true,
      'val.loss': false,
      'val.f1': true,
      'val.rmse': false,
      number: true,
      state: false,
      created: true,
    });
  });
});

it('gives each key a letter by its oldest run, so that a filter or a new run moves none', () => {
  const letters = rowLetters([run(3, 1, 'b'), run(2, 1, null), run(1, 1, 'a')]);
  expect([...letters]).toEqual([
    ['a', 'A'],
    ['b', 'B'],
  ]);
  const many = rowLetters(Array.from({ length: 28 }, (_, i) => run(i, 1, `key ${i}`)));
  expect(['key 25', 'key 26', 'key 27'].map((key) => many.get(key))).toEqual(['Z', 'AA', 'AB']);
});
