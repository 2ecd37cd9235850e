import { describe, expect, it } from 'vitest';
import { findColumns, guessColumns } from '#core/quotes/columns.ts';
import { config } from '../bars/make-table.ts';
import { day, find, named, refusal } from './named-columns.ts';

describe('data.columns', () => {
  it('is named for a table of closes, one column an instrument', () => {
    const wide = named('Date,AAPL,BRK-B,MSFT', { Date: day });
    const says = (symbol: string | null) => refusal(() => findColumns(wide, config({ symbol }))).message;
    expect(says('msft')).toMatch('data.columns: {close: MSFT} without data.symbol takes one');
    expect(says(null)).toMatch('data.columns: {close: AAPL} without');
    expect(findColumns(wide, config({ columns: { close: 'MSFT' } })).close).toBe(3);
  });

  it('takes a name that an instrument was split off from', () => {
    const fields = ['Open', 'High', 'Low', 'Close'];
    const joined = {
      ...named(`Date,${fields.join(',')}`, { Date: day }),
      instruments: [null, ...fields.map(() => 'ACME')],
    };
    for (const close of ['High', 'ACME.High', 'High_ACME', '#3']) {
      expect(findColumns(joined, config({ columns: { close } })).close).toBe(2);
    }
  });

  const foreign = named('Wann,Alpha,Beta,Gamma,Delta', { Wann: (row) => row, Gamma: day });

  it('is asked for where names do not say, with what there is and the line to write', () => {
    const error = refusal(() => findColumns(foreign, config()));
    expect(error.message).toBe(
      'Found no column for close in bars.csv: the columns are "Wann", "Alpha", "Beta", "Gamma", "Delta"; recognised: ' +
        'time "Gamma". If each column is the close of one instrument, data.columns: {close: Wann} without data.symbol ' +
        'takes one. Say which is what with data.columns: {time: Gamma, close: …}.',
    );
    expect(guessColumns(foreign, config())).toEqual({ parts: { time: 'Gamma' }, missing: ['close'] });
  });

  it('names columns exactly, loosely or by place, and wins over names', () => {
    const columns = { time: 'gamma ', close: '#2', volume: 'Beta' };
    expect(findColumns(foreign, config({ columns }))).toMatchObject({ time: [3], close: 1, open: 1, volume: 2 });
    expect(guessColumns(foreign, config({ columns }))).toEqual({
      parts: { time: 'Gamma', close: 'Alpha', volume: 'Beta' },
      missing: [],
    });
    expect(find('Date,Open,High,Low,Close,Last', { Date: day }, { columns: { close: 'Last' } })).toMatchObject({
      open: 1,
      close: 5,
      unused: ['Close'],
    });
  });

  it('may name a date and a clock', () => {
    const split = named('A,B,C', { A: () => '2024-03-04', B: (row) => `${String(row).padStart(2, '0')}:00` });
    expect(findColumns(split, config({ columns: { time: ['A', 'B'] } }))).toMatchObject({ time: [0, 1], close: 2 });
  });

  it('is refused where it names what is not there, with the name meant', () => {
    const error = refusal(() => findColumns(foreign, config({ columns: { close: 'Alpa' } })));
    expect(error).toMatchObject({ code: 'invalid_config', issues: [{ path: 'data.columns.close' }] });
    expect(error.message).toMatch(/no column "Alpa" \(did you mean "Alpha"\?\); it has "Wann", "Alpha"/);
    expect(refusal(() => findColumns(foreign, config({ columns: { close: '#9' } }))).message).toMatch(/no column "#9"/);
    const half = refusal(() =>
      findColumns(foreign, config({ columns: { time: 'Gamma', close: 'Alpha', open: 'Beta' } })),
    );
    expect(half.issues.map(({ path }) => path)).toEqual(['data.columns.high', 'data.columns.low']);
  });

  it('tells columns of one name apart by place', () => {
    const twice = named('Date,Close,Close,Close.1', { Date: day, '#3': (row) => 7 + row, 'Close.1': (row) => 9 + row });
    twice.columns.forEach((column, index) => {
      if (index === 1) column.numbers.set(column.numbers.map((value) => value + 1));
    });
    const error = refusal(() => findColumns(twice, config()));
    expect(error.message).toMatch(
      /3 columns that may be the close.*#2 "Close", #3 "Close", #4 "Close.1".*\{close: "#2"\}/,
    );
    expect(findColumns(twice, config({ columns: { close: '#3' } })).close).toBe(2);
    expect(refusal(() => findColumns(twice, config({ columns: { close: 'Close' } }))).message).toMatch(
      /expected one of #2, #3/,
    );
  });
});
