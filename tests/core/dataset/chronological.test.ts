import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { splitChronologically } from '#core/dataset/chronological.ts';
import { forwardReturns } from '#core/targets/forward-returns.ts';
import { gappyMarket, HOUR } from '#tests/core/features/bars.ts';

const standard = dataSchema.parse({}).split;
const rowsOf = (count: number, from = 0) => Int32Array.from({ length: count }, (_, i) => from + i);

/** A bar an hour, and boundaries at the opening times of rows. */
const time = Float64Array.from({ length: 4000 }, (_, row) => row * HOUR);
const at = (first: number, second: number, until: number | null = null) => ({
  validationFrom: first * HOUR,
  testFrom: second * HOUR,
  until: until === null ? null : until * HOUR,
});
const upTo = (rows: number) => time.subarray(0, rows);

test('samples go to the split in which their bar opens, with a purge of the horizon before each boundary', () => {
  const { samples, bars, purged, embargoed } = splitChronologically(
    rowsOf(1000, 50),
    upTo(1062),
    at(750, 900),
    standard,
    12,
  );
  expect([samples.train[0], samples.train.at(-1)]).toEqual([50, 750 - 13]);
  expect([samples.validation[0], samples.validation.at(-1)]).toEqual([750, 900 - 13]);
  expect([samples.test[0], samples.test.at(-1)]).toEqual([900, 1049]);
  expect([purged, embargoed]).toEqual([24, 0]);
  expect(bars).toEqual({ train: [0, 750], validation: [750, 900], test: [900, 1062] });
});

test('a boundary between two opening times begins with the later bar', () => {
  const { samples } = splitChronologically(rowsOf(1000), upTo(1012), at(699.5, 849.99), standard, 12);
  expect([samples.validation[0], samples.test[0]]).toEqual([700, 850]);
});

test('an embargo drops samples after each boundary', () => {
  const split = splitChronologically(rowsOf(1000), upTo(1012), at(700, 850), { ...standard, embargo: 5 }, 12);
  const { samples, embargoed } = split;
  expect([samples.train[0], samples.validation[0], samples.test[0]]).toEqual([0, 705, 855]);
  expect(embargoed).toBe(10);
});

test('rows from `until` on are in no split, and no label of the test reaches there, whatever the purge', () => {
  for (const purge of ['auto', 0] as const) {
    const split = splitChronologically(rowsOf(988), upTo(1000), at(700, 850, 950), { ...standard, purge }, 12);
    expect(split.samples.test.at(-1)).toBe(950 - 13);
    expect(split.afterUntil).toBe(988 - 950);
  }
  // The last bar of a file is as good an end: labels end there anyway.
  const ended = splitChronologically(rowsOf(988), upTo(1000), at(700, 850, 1000), standard, 12);
  const later = splitChronologically(rowsOf(1488), upTo(1500), at(700, 850, 1000), standard, 12);
  expect(later.samples).toEqual(ended.samples);
  expect([ended.afterUntil, later.afterUntil]).toEqual([0, 488]);
});

test('rows that are taken away move no boundary: neither from the front nor around it', () => {
  const all = splitChronologically(rowsOf(988), upTo(1000), at(700, 850), standard, 12).samples;
  const kept = rowsOf(988).filter((row) => row >= 300 && (row < 690 || row > 720) && (row < 840 || row > 860));
  const { samples } = splitChronologically(kept, upTo(1000), at(700, 850), standard, 12);
  for (const name of ['train', 'validation', 'test'] as const) {
    expect(samples[name]).toEqual(all[name].filter((row) => kept.includes(row)));
  }
});

test('whatever the rows and boundaries: in order, each row once, and no label reaches across a boundary', () => {
  const place = fc.integer({ min: 1, max: 3200 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 400 }),
      fc.uniqueArray(place, { minLength: 3, maxLength: 3 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 30 }),
      (list, places, horizon, embargo) => {
        const rows = Int32Array.from(list).sort();
        const [first, second, until] = places.sort((a, b) => a - b);
        const boundaries = at(first, second, until);
        const split = splitChronologically(rows, upTo(3100), boundaries, { ...standard, embargo }, horizon);
        const { samples } = split;
        const all = [...samples.train, ...samples.validation, ...samples.test];
        expect(all).toEqual([...all].sort((a, b) => a - b));
        expect(new Set(all).size).toBe(all.length);
        expect(all.length + split.purged + split.embargoed + split.afterUntil).toBe(rows.length);
        const reach = (row: number) => (row + horizon < 3100 ? row + horizon : -1);
        for (const row of samples.train) expect(reach(row)).toBeLessThan(first);
        for (const row of samples.validation) {
          expect(row).toBeGreaterThanOrEqual(first + embargo);
          expect(reach(row)).toBeLessThan(second);
        }
        for (const row of samples.test) {
          expect(row).toBeGreaterThanOrEqual(second + embargo);
          expect(reach(row)).toBeLessThan(until);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('copying the label of the nearest train sample foretells nothing; after a shuffle it would (SAMPLES.md#leaks)', () => {
  const labels = forwardReturns(gappyMarket(12_000), 24);
  const rows = rowsOf(12_000 - 24);
  const hours = Float64Array.from({ length: 12_000 }, (_, row) => row * HOUR);
  const { samples } = splitChronologically(rows, hours, at(8400, 10_200), standard, 24);
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
