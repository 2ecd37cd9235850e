import { expect, it } from 'vitest';
import {
  readView,
  searchFilter,
  sortBy,
  sortedWay,
  withCondition,
  withoutCondition,
  writeView,
} from '#lib/runs/table-view.ts';

const plain = readView(new URLSearchParams());

it('a view and its address say the same, and a plain view says nothing', () => {
  const view = {
    filter: 'val.da > 0.5 and tag:"a, b"',
    sort: ['-val.da', 'created'],
    columns: ['val.da', 'features.columns."Adj Close".period'],
    group: ['model.architecture'],
    baseline: 'R7',
    archived: true,
  };
  expect(readView(new URLSearchParams(writeView(view)))).toEqual(view);
  expect(writeView(plain)).toBe('');
  expect(writeView({ ...plain, sort: ['-val.da', 'created'] })).toBe('sort=-val.da,created');
});

it('a column is sorted its better way first, then the other, then not; with more those before stay', () => {
  const once = sortBy(plain, 'val.da', true, false);
  expect([once.sort, sortedWay(once, 'val.da')]).toEqual([['-val.da'], 'down']);
  const twice = sortBy(once, 'val.da', true, false);
  expect([twice.sort, sortedWay(twice, 'val.da')]).toEqual([['val.da'], 'up']);
  expect(sortBy(twice, 'val.da', true, false).sort).toEqual([]);
  const two = sortBy(once, 'val.loss', false, true);
  expect(two.sort).toEqual(['-val.da', 'val.loss']);
  expect(sortBy(two, 'val.da', true, true).sort).toEqual(['val.da', 'val.loss']);
  expect(sortBy(two, 'created', true, false).sort).toEqual(['-created']);
});

it.each(['', 'val.da > 0.5', 'a or b', 'a and b'])('a condition is added to %j and taken from it again', (filter) => {
  const condition = 'state in (cancelled, interrupted)';
  const more = withCondition(filter, condition);
  expect(withoutCondition(more, condition)).toBe(filter);
  expect(withoutCondition(filter, condition)).toBe(filter);
});

it('keeps what a person wrote around a condition', () => {
  expect(withoutCondition('starred and val.da > 0.5', 'starred')).toBe('val.da > 0.5');
  expect(withoutCondition('a and starred and b', 'starred')).toBe('a and b');
  expect(withoutCondition('not starred', 'starred')).toBe('not starred');
});

it('looks for the words of a search as they are, and for a key and its value where runs have it', () => {
  const known = ['model.lookback', 'features.timeframes.1h.rsi.period', 'features.timeframes.4h.rsi.period'].map(
    (key) => ({ key }),
  );
  expect(searchFilter(' rsi  val.da>1 ', known)).toBe('"rsi" and "val.da>1"');
  expect(searchFilter('lookback=96 tcn', known)).toBe('model.lookback = "96" and "tcn"');
  expect(searchFilter('rsi.period=14', known)).toBe(
    '(features.timeframes.1h.rsi.period = "14" or features.timeframes.4h.rsi.period = "14")',
  );
  expect(searchFilter('seed=1 sample://x=1', known)).toBe('"seed=1" and "sample://x=1"');
  expect(searchFilter('', known)).toBe('');
});
