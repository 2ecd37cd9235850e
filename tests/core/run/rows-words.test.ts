import { describe, expect, it } from 'vitest';
import type { EvaluatedRows } from '#core/run/evaluation.ts';
import { rowsDifference, rowsInWords } from '#core/run/rows-words.ts';

const april = Date.UTC(2022, 3, 17, 4);
const october = Date.UTC(2022, 9, 19);
const march = Date.UTC(2022, 2, 22);
const rows: EvaluatedRows = { key: 'a', from: april, to: october, rows: 6801, horizon: 12 };
const engine = { name: 'wasm', device: 'WASM' };
const ended = { engine, finishedAt: '2026-01-01T00:00:00.000Z', metrics: { latest: {}, best: {} } };
const base = on({});

function on(part: Partial<EvaluatedRows>): Parameters<typeof rowsDifference>[0] {
  return { ...ended, evaluation: { validation: { ...rows, ...part }, test: rows } };
}

describe('in what the rows of two runs differ', () => {
  it.each([
    [{}, null],
    [{ key: 'b', from: march }, 'other rows: from 22 March instead of 17 April'],
    [
      { key: 'b', from: Date.UTC(2021, 2, 22), to: Date.UTC(2022, 4, 3) },
      'other rows: from 22 March 2021 instead of 17 April 2022, to 3 May instead of 19 October',
    ],
    [{ key: 'b', from: april + 7_200_000 }, 'other rows: from 17 April, 06:00 instead of 04:00'],
    [{ key: 'b', horizon: 4, from: march }, 'other horizon: 4 bars instead of 12'],
    [{ key: 'b', horizon: 1 }, 'other horizon: 1 bar instead of 12'],
    [{ key: 'b', rows: 6790 }, 'other rows: 6,790 instead of 6,801'],
    [{ key: 'b' }, 'other prices or labels in the same rows'],
  ])('%o: %s', (part, words) => expect(rowsDifference(on(part), base)).toBe(words));

  it('are those that were scored, where features, lookback and gaps left far fewer of the same', () => {
    const scored = (n: number) => ({ ...base, metrics: { latest: {}, best: { 'val.n': n - 1, 'val.excluded': 1 } } });
    expect(rowsDifference(scored(3050), scored(7901))).toBe(
      'other rows: scored on 3,050 instead of 7,901, for features, lookback and gaps take rows away',
    );
    expect(rowsDifference(scored(4618), scored(5290))).toBeNull();
    expect(rowsDifference(scored(3050), base)).toBeNull();
  });

  it('says why they are not known, of either run', () => {
    const old = { ...ended, evaluation: null };
    const waiting = { ...ended, engine: null, finishedAt: null, evaluation: null };
    const stillborn = { ...ended, engine: null, evaluation: null };
    expect(rowsDifference(old, base)).toBe('rows unknown: made by an older version');
    expect(rowsDifference(base, old)).toBe('rows unknown: made by an older version');
    expect(rowsDifference(old, old)).toBe('rows unknown: made by an older version');
    expect(rowsDifference(waiting, base)).toBe('rows not known yet');
    expect(rowsDifference(stillborn, base)).toBe('rows unknown: it ended before its data was read');
  });
});

it('names rows by their days, horizon and number', () => {
  expect(rowsInWords(rows)).toBe('17 April 2022 to 19 October 2022, 12 bars ahead, up to 6,801 rows');
});
