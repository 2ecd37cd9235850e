import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/error.ts';
import { readNumbers } from '#core/table/number-format.ts';
import { table } from '#tests/core/bars/make-table.ts';

type Decimal = 'auto' | 'point' | 'comma';

/** Columns of texts (or numbers) beside one another: the first so many are prices, the rest others. */
function read(columns: readonly (readonly (string | number)[])[], prices = columns.length, decimal: Decimal = 'auto') {
  const rows = columns[0].map((_, row) => columns.map((column) => column[row] ?? null));
  const names = columns.map((_, k) => `c${k}`);
  const all = columns.map((_, k) => k);
  const { values, notes } = readNumbers(table(rows, names), {
    prices: all.slice(0, prices),
    others: all.slice(prices),
    time: [],
    decimal,
  });
  return { columns: all.map((k) => [...values.get(k)!]), notes };
}

describe('one column of numbers', () => {
  it.each<[string, readonly string[], readonly number[]]>([
    ['points between, as they are', ['1.5', '-2', '1e3', '.5', '+5'], [1.5, -2, 1000, 0.5, 5]],
    ['English thousands', ['1,003.10', '990', '1,234'], [1003.1, 990, 1234]],
    ['German thousands', ['1.003,10', '990,00', '1.234'], [1003.1, 990, 1234]],
    ['blanks between thousands', ['1 003,10', '990,5', '1 234'], [1003.1, 990.5, 1234]],
    ['no-break blanks', ['1\u00a0003,10', '1\u202f234,5', '1\u2009999,5'], [1003.1, 1234.5, 1999.5]],
    ['Swiss thousands', ["1'003.10", '1’234.5'], [1003.1, 1234.5]],
    ['Indian groups', ['1,23,456.7', '12,34,567'], [123_456.7, 1_234_567]],
    ['underscores as in Python', ['1_000', '1_00.59', '99.5'], [1000, 100.59, 99.5]],
    ['German volumes', ['1.086.000', '751.000', '12'], [1_086_000, 751_000, 12]],
    ['English volumes', ['1,404,000', '853,000'], [1_404_000, 853_000]],
    [
      'currencies before',
      ['$150.00', 'USD 1.5', '€2.5', '-$3.5', '$-4.5', 'CHF 1’003.10'],
      [150, 1.5, 2.5, -3.5, -4.5, 1003.1],
    ],
    ['currencies behind', ['150,00 €', '1,5 USD', '2,5 kr'], [150, 1.5, 2.5]],
    [
      'letters for thousands and more',
      ['68.18K', '1.09M', '2B', '1.2T', '3.5k', '2 Mio.'],
      [68_180, 1_090_000, 2e9, 1.2e12, 3500, 2e6],
    ],
    ['German letters', ['1,09M', '0,75Mrd', '2 Tsd.'], [1_090_000, 750_000_000, 2000]],
    ['per cent', ['0.1%', '-1.5 %'], [0.001, -0.015]],
    ['below zero', ['(5.00)', '−5', '5.5-', '($1,000.50)'], [-5, -5, -5.5, -1000.5]],
    ['marks of a spreadsheet', ['="1.5"', "'2.5"], [1.5, 2.5]],
    ['powers of ten', ['1.0000e-05', '9.8880e-06'], [1e-5, 9.888e-6]],
    ['powers of ten with a comma', ['1,5E-05', '2,25E-05'], [1.5e-5, 2.25e-5]],
    ['digits of other scripts', ['１２３．５', '١٢٣'], [123.5, 123]],
    [
      'nothing',
      ['1.5', 'n/a', '#N/A', 'NaN', 'null', 'None', '-', '--', '.'],
      [1.5, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN],
    ],
    ['no bounds', ['1.5', '∞', '-inf'], [1.5, Infinity, -Infinity]],
    ['three decimals throughout', ['1.234', '2.345', '151.250'], [1.234, 2.345, 151.25]],
    ['three decimals below one', ['0,123', '1,234'], [0.123, 1.234]],
    ['whole numbers below a thousand beside', ['998', '1,002', '1,003', '999', '1,001'], [998, 1002, 1003, 999, 1001]],
    ['points of thousands that keep prices together', ['998', '1.002', '1.003', '999'], [998, 1002, 1003, 999]],
  ])('%s', (_, texts, expected) => {
    expect(read([texts]).columns[0]).toEqual(expected);
  });

  it.each([
    '1 99,74',
    "412'6",
    '1,234,56.7',
    '1.2.3',
    '12.34.56',
    '99 1/2',
    'abc',
    '5 apples',
    '1,23.4,5',
    '--5',
    '1..5',
  ])('never reads a part of %j: the cell is missing, and a note shows it', (text) => {
    const { columns, notes } = read([['100,25', text, '101,5']]);
    expect(columns[0]).toEqual([100.25, NaN, 101.5]);
    expect(notes.join()).toContain(JSON.stringify(text));
  });

  it('leaves a stray cell of the other kind out', () => {
    const texts = [...Array.from({ length: 30 }, (_, k) => `1.${100 + k},50`), '1,234.50', '4016.71'];
    const { columns, notes } = read([texts]);
    expect(columns[0].slice(28)).toEqual([1128.5, 1129.5, NaN, NaN]);
    expect(notes.join()).toMatch(/2, the first "1,234.50" in row 31/);
  });

  it('refuses both kinds in one column, with both texts, unless data.decimal says which counts', () => {
    const texts = ['1.234,5', '1,234.5', '2.234,5', '2,234.5'];
    expect(() => read([texts])).toThrow(/"c0".*"1,234.5" in row 2.*"1.234,5" in row 1.*data\.decimal/);
    expect(read([texts], 1, 'comma').columns[0]).toEqual([1234.5, NaN, 2234.5, NaN]);
  });

  it('refuses what cannot be decided, with the text and both readings, and reads it once data.decimal is set', () => {
    const texts = ['1,234', '1,235', '1,301'];
    expect(() => read([texts])).toThrow(AppError);
    expect(() => read([texts])).toThrow(/"c0".*"1,234", which is 1234 or 1\.234.*data\.decimal to point/);
    expect(read([texts], 1, 'point').columns[0]).toEqual([1234, 1235, 1301]);
    expect(read([texts], 1, 'comma').columns[0]).toEqual([1.234, 1.235, 1.301]);
  });

  it('keeps numbers of a typed format whatever data.decimal says', () => {
    expect(read([[1.5, 1234.567, 3]], 1, 'comma').columns[0]).toEqual([1.5, 1234.567, 3]);
  });

  it('hands a plain column on as it is', () => {
    const plain = table([['1.5'], ['2'], ['1e3']], ['close']);
    const { values, notes } = readNumbers(plain, { prices: [0], others: [], time: [], decimal: 'auto' });
    expect(values.get(0)).toBe(plain.columns[0].numbers);
    expect(notes).toEqual([]);
  });
});

describe('columns beside one another', () => {
  it('lends the sign of the other prices to a column that does not show its own', () => {
    const { columns, notes } = read([
      ['1.003,10', '1.004,20'],
      ['1.100', '1.101'],
    ]);
    expect(columns[1]).toEqual([1100, 1101]);
    expect(notes).toEqual(['prices: decimal commas, points between thousands']);
  });

  it.each<[string, readonly string[], readonly string[], readonly number[]]>([
    ['German', ['1003,10', '990,00'], ['751.000', '86.000'], [751_000, 86_000]],
    ['English', ['1003.10', '990.00'], ['751,000', '86,000'], [751_000, 86_000]],
    ['fractions of coins', ['1003.10', '990.00'], ['1.093', '2.343'], [1.093, 2.343]],
  ])('lends the sign of the prices to volumes: %s', (_, prices, volumes, expected) => {
    expect(read([prices, volumes], 1).columns[1]).toEqual(expected);
  });

  it('asks the columns that nothing is taken from, but never the times', () => {
    const rows = [
      ['24.03', '1,234', '0.15%'],
      ['25.03', '1,240', '0.48%'],
    ];
    const request = { prices: [1], others: [], decimal: 'auto' } as const;
    const { values } = readNumbers(table(rows, ['date', 'close', 'change']), { ...request, time: [0] });
    expect([...values.get(1)!]).toEqual([1234, 1240]);
    const without = rows.map((row) => row.slice(0, 2));
    expect(() => readNumbers(table(without, ['date', 'close']), { ...request, time: [0] })).toThrow(AppError);
  });

  it('lets a volume keep its own sign', () => {
    const { columns } = read(
      [
        ['1003.10', '990.00'],
        ['1.086.000', '751.000'],
      ],
      1,
    );
    expect(columns).toEqual([
      [1003.1, 990],
      [1_086_000, 751_000],
    ]);
  });
});

it('reads back what is written in any country', () => {
  const locales = ['en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN', 'pt-BR', 'sv-SE', 'pl-PL', 'it-IT', 'ru-RU'];
  const prices = fc.array(fc.integer({ min: 1, max: 10 ** 12 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.constantFrom(...locales), prices, (locale, cents) => {
      const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      const texts = cents.map((value) => format.format(value / 100));
      expect(read([texts]).columns[0]).toEqual(cents.map((value) => value / 100));
    }),
  );
});

it('never throws anything but a refusal', () => {
  const near = fc
    .array(fc.constantFrom(..."0123456789.,,..  '_$€%KM()-+eE"), { maxLength: 14 })
    .map((chars) => chars.join(''));
  fc.assert(
    fc.property(fc.array(fc.oneof(near, fc.string()), { minLength: 1, maxLength: 10 }), (texts) => {
      try {
        expect(read([texts]).columns[0]).toHaveLength(texts.length);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});
