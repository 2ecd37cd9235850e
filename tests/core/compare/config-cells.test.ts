import { describe, expect, it } from 'vitest';
import { configCells } from '#core/compare/config-cells.ts';
import { changeText, diffText, isChanged } from '#core/compare/diff-text.ts';

const known = (value: unknown) => ({ state: 'known', value }) as const;
const absent = { state: 'absent' } as const;

describe('keys of configurations beside each other', () => {
  it('stand under their cell, in the order of the page, with the type and value of each', () => {
    const cells = configCells([
      { train: { epochs: 30, clip_norm: 1 }, data: { source: 'a.csv' }, model: { layers: [1, 2] } },
      { train: { epochs: 20, clip_norm: null }, data: { source: 'a.csv' }, model: { layers: [1, 4] } },
    ]);
    expect(cells).toEqual([
      { cell: 'data', rows: [{ key: 'source', type: 'text', values: [known('a.csv'), known('a.csv')], equal: true }] },
      { cell: 'model', rows: [{ key: 'layers', type: 'list', values: [known([1, 2]), known([1, 4])], equal: false }] },
      {
        cell: 'train',
        rows: [
          { key: 'epochs', type: 'number', values: [known(30), known(20)], equal: false },
          { key: 'clip_norm', type: 'mixed', values: [known(1), known(null)], equal: false },
        ],
      },
    ]);
  });

  it('of a map that some lack are one row where those that have it agree, else a row a key', () => {
    const withMap = (map: unknown) => ({
      features: { timeframes: { '1h': { rsi: { period: 14 } }, ...(map as object) } },
    });
    const four = { '4h': { rsi: { period: 14 }, macd: { fast: 12 } } };
    const keysOf = (configs: Parameters<typeof configCells>[0]) =>
      configCells(configs).flatMap(({ rows }) => rows.filter(({ equal }) => !equal).map(({ key }) => key));
    expect(keysOf([withMap(four), withMap({})])).toEqual(['timeframes.4h']);
    const other = { '4h': { rsi: { period: 21 }, macd: { fast: 12 } } };
    expect(keysOf([withMap(four), withMap({}), withMap(other)])).toEqual([
      'timeframes.4h.rsi.period',
      'timeframes.4h.macd',
    ]);
    const [row] = configCells([withMap(four), withMap({})]).flatMap(({ rows }) => rows.filter(({ equal }) => !equal));
    expect(row.values).toEqual([known(four['4h']), absent]);
    expect(row.values.map(diffText)).toEqual(['{rsi: {period: 14}, macd: {fast: 12}}', 'absent']);
    expect([isChanged(row, 0), isChanged(row, 1)]).toEqual([false, true]);
  });

  it('that are written in another order are equal', () => {
    const rows = configCells([{ loss: { dir: { a: 1, b: 2 } } }, { loss: { dir: { b: 2, a: 1 } } }]).flatMap(
      ({ rows: own }) => own,
    );
    expect(rows.every(({ equal }) => equal)).toBe(true);
  });
});

it('a number says how far it is from that of the base, small ones and orders of magnitude as a factor', () => {
  expect(changeText(known(14), known(21))).toBe('+7');
  expect(changeText(known(0.2), known(0.1))).toBe('−0.1');
  expect(changeText(known(1e-3), known(3e-4))).toBe('×0.3');
  expect(changeText(known(64), known(1024))).toBe('×16');
  expect(changeText(known(14), known(14))).toBeNull();
  expect(changeText(known(14), absent)).toBeNull();
  expect(changeText(known('a'), known(1))).toBeNull();
});
