import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { evaluatedRows } from '#core/dataset/evaluated-rows.ts';
import { cutBars, gappyMarket, HOUR } from '#tests/core/features/bars.ts';
import { configOf, smallFeatures } from './config.ts';

/** 2018-01-01 on, an hour a bar. */
const bars = gappyMarket(3000);
const pinned = { validation_from: '2018-03-15', test_from: '2018-04-10' };
const split = { ...pinned, until: '2018-05-05' };

const dataset = (groups: object = {}, of: Bars = bars) => {
  const { data = {}, ...others } = groups as { data?: object };
  return assembleDataset(of, configOf({ features: smallFeatures, ...others, data: { split, ...data } }));
};
const plain = dataset();
const bytesOf = (of: Dataset, name: 'validation' | 'test') =>
  Buffer.from(evaluatedRows(of, name).bytes).toString('hex');

describe('rows that are eligible for scoring', () => {
  test('are those of the split whose outcome is known, purged before the next; samples are among them', () => {
    const from = Date.UTC(2018, 2, 15);
    const { bytes, ...rows } = evaluatedRows(plain, 'validation');
    expect(rows).toEqual({ from, to: Date.UTC(2018, 3, 10) - 13 * HOUR, rows: 26 * 24 - 12, horizon: 12 });
    const numbers = new Float64Array(bytes.slice().buffer);
    const first = bars.time.indexOf(from);
    const outcome = Math.log(bars.close[first + 12] / bars.close[first]);
    expect(Array.from(numbers.slice(0, 3))).toEqual([12, from, Math.round(outcome * 1e9)]);
    expect(numbers).toHaveLength(1 + 2 * rows.rows);
    for (const name of ['validation', 'test'] as const) {
      expect(plain.samples[name].every((row) => plain.eligible[name].includes(row))).toBe(true);
    }
  });

  test('a return of zero is eligible, and one in the last digit only is the same', () => {
    const row = plain.eligible.validation[40];
    const bent = (change: number) => ({
      ...bars,
      close: bars.close.map((value, i) => (i === row + 12 ? bars.close[row] * (1 + change) : value)),
    });
    const [flat, near, far] = [0, 1e-12, 1e-8].map((change) => dataset({}, bent(change)));
    expect(flat.eligible).toEqual(plain.eligible);
    expect(bytesOf(near, 'validation')).toBe(bytesOf(flat, 'validation'));
    expect(bytesOf(dataset({}, bent(-1e-12)), 'validation')).toBe(bytesOf(flat, 'validation'));
    expect(bytesOf(far, 'validation')).not.toBe(bytesOf(flat, 'validation'));
  });
});

describe('the bytes of the validation rows stay', () => {
  const longer = gappyMarket(3400);
  test.each<[string, Dataset]>([
    ['another lookback', dataset({ model: { lookback: 256 } })],
    ['other features', dataset({ features: { timeframes: { '4h': { rsi: {}, ema_distance: {} } } } })],
    ['a daily indicator', dataset({ features: { timeframes: { '1d': { rsi: { period: 5 } } } } })],
    ['one task of the two', dataset({ targets: { tasks: { up: { kind: 'direction' } } } })],
    [
      'the tasks in another order',
      dataset({ targets: { tasks: { d: { kind: 'direction' }, r: { kind: 'return' } } } }),
    ],
    ['a shorter training period', dataset({}, cutBars(bars, 500, 3000))],
    ['bars appended behind `until`', dataset({}, longer)],
    ['bars appended without `until`', dataset({ data: { split: pinned } }, longer)],
    ['another model and seed', dataset({ model: { architecture: 'tcn' }, train: { seed: 5 } })],
    ['the purge that `auto` comes to', dataset({ data: { split: { ...split, purge: 12 } } })],
  ])('with %s', (_, other) => {
    expect(bytesOf(other, 'validation')).toBe(bytesOf(plain, 'validation'));
  });

  test('those of the test too, where `until` ends it before the bars that come later', () => {
    expect(bytesOf(dataset({}, longer), 'test')).toBe(bytesOf(plain, 'test'));
    const open = dataset({ data: { split: pinned } });
    expect(bytesOf(dataset({ data: { split: pinned } }, longer), 'test')).not.toBe(bytesOf(open, 'test'));
  });
});

describe('the bytes of the validation rows are others', () => {
  const changed = (row: number) => ({
    ...bars,
    close: bars.close.map((value, i) => (i === row ? value * 1.001 : value)),
  });
  const [first] = plain.eligible.validation;
  test.each<[string, Dataset]>([
    ['a changed price inside', dataset({}, changed(first + 99))],
    ['another horizon', dataset({ targets: { horizon: 13 }, data: { split: { ...split, purge: 13 } } })],
    ['another beginning', dataset({ data: { split: { ...split, validation_from: '2018-03-15T01:00' } } })],
    ['another end', dataset({ data: { split: { ...split, test_from: '2018-04-10T01:00' } } })],
    ['another embargo', dataset({ data: { split: { ...split, embargo: 3 } } })],
  ])('with %s', (_, other) => {
    expect(bytesOf(other, 'validation')).not.toBe(bytesOf(plain, 'validation'));
  });

  test('a price that changes before is no matter', () => {
    expect(bytesOf(dataset({}, changed(first - 1)), 'validation')).toBe(bytesOf(plain, 'validation'));
    expect(bytesOf(dataset({}, changed(first - 1)), 'test')).toBe(bytesOf(plain, 'test'));
  });
});
