import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { splitChronologically } from '#core/dataset/chronological.ts';
import { forwardReturns } from '#core/targets/forward-returns.ts';
import { gappyMarket } from '#tests/core/features/bars.ts';

const standard = dataSchema.parse({}).split;
const rowsOf = (count: number, from = 0) => Int32Array.from({ length: count }, (_, i) => from + i);

test('70/15/15 with a purge of the horizon before each boundary', () => {
  const { samples, purged, embargoed } = splitChronologically(rowsOf(1000, 50), standard, 12);
  expect([samples.train[0], samples.train.at(-1)]).toEqual([50, 50 + 700 - 13]);
  expect([samples.validation[0], samples.validation.at(-1)]).toEqual([750, 750 + 150 - 13]);
  expect([samples.test[0], samples.test.at(-1)]).toEqual([900, 1049]);
  expect([purged, embargoed]).toEqual([24, 0]);
});

test('an embargo drops samples after each boundary', () => {
  const { samples, embargoed } = splitChronologically(rowsOf(1000), { ...standard, embargo: 5 }, 12);
  expect([samples.train[0], samples.validation[0], samples.test[0]]).toEqual([0, 705, 855]);
  expect(embargoed).toBe(10);
});

test('a hole in the rows before a boundary needs no purge: the label has ended before it', () => {
  const rows = Int32Array.from([...rowsOf(70), ...rowsOf(30, 200)]);
  const { samples, purged } = splitChronologically(rows, standard, 12);
  expect(samples.train.length).toBe(70);
  expect(purged).toBe(12);
});

test('whatever the rows and shares: in order, each row once, and no label reaches across a boundary', () => {
  const share = fc.double({ min: 0.05, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 400 }),
      fc.tuple(share, share, share),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 30 }),
      (list, [train, validation, test], horizon, embargo) => {
        const rows = Int32Array.from(list).sort();
        const split = splitChronologically(rows, { ...standard, train, validation, test, embargo }, horizon);
        const { samples } = split;
        const all = [...samples.train, ...samples.validation, ...samples.test];
        expect(all).toEqual([...all].sort((a, b) => a - b));
        expect(new Set(all).size).toBe(all.length);
        expect(all.length + split.purged + split.embargoed).toBe(rows.length);
        const first = (part: Int32Array) => part[0] ?? Infinity;
        for (const row of samples.train) expect(row + horizon).toBeLessThan(first(samples.validation));
        for (const row of samples.validation) expect(row + horizon).toBeLessThan(first(samples.test));
      },
    ),
    { numRuns: 200 },
  );
});

test('copying the label of the nearest train sample foretells nothing; after a shuffle it would (SAMPLES.md#leaks)', () => {
  const labels = forwardReturns(gappyMarket(12_000), 24);
  const rows = rowsOf(12_000 - 24);
  const { samples } = splitChronologically(rows, standard, 24);
  // Every seventh row held out in between is what a shuffle comes to.
  const mixed = { train: rows.filter((row) => row % 7 > 0), test: rows.filter((row) => row % 7 === 0) };
  expect(copiedAccuracy(labels, mixed.train, mixed.test)).toBeGreaterThan(0.85);
  expect(copiedAccuracy(labels, samples.train, samples.test)).toBeLessThan(0.6);
  expect(copiedAccuracy(labels, samples.train, samples.validation)).toBeLessThan(0.6);
});

/** Share of every eighth of `rows` whose label has the sign of that of the train row next to it in time. */
function copiedAccuracy(labels: Float64Array, train: Int32Array, rows: Int32Array): number {
  const some = rows.filter((_, i) => i % 8 === 0);
  const hits = some.filter((row) => {
    const nearest = train.reduce((best, other) => (Math.abs(other - row) < Math.abs(best - row) ? other : best));
    return Math.sign(labels[nearest]) === Math.sign(labels[row]);
  });
  return hits.length / some.length;
}
