import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeText } from '#core/bars/time-text.ts';

const iso = (text: string, order: 'month-first' | 'day-first' = 'month-first') => {
  const time = parseTimeText(text, order);
  return time && `${new Date(time.ms).toISOString()}${time.zoned ? ' zoned' : ''}${time.dateOnly ? ' date' : ''}`;
};

describe('parseTimeText', () => {
  it.each([
    ['2023-03-01 00:00:00+00:00', '2023-03-01T00:00:00.000Z zoned'],
    ['2023-03-01T00:00:00Z', '2023-03-01T00:00:00.000Z zoned'],
    ['2023-03-01T02:30:00.123456789+0230', '2023-03-01T00:00:00.123Z zoned'],
    ['2023-03-01 05:00 UTC', '2023-03-01T05:00:00.000Z zoned'],
    ['01.06.2020 00:00:00.000 GMT+0200', '2020-05-31T22:00:00.000Z zoned'],
    ['2020-08-27 15:13', '2020-08-27T15:13:00.000Z'],
    ['2020.06.01 00:00', '2020-06-01T00:00:00.000Z'],
    ['20200501 000100', '2020-05-01T00:01:00.000Z'],
    ['20200501093015', '2020-05-01T09:30:15.000Z'],
    ['202005010930', '2020-05-01T09:30:00.000Z'],
    ['20200501', '2020-05-01T00:00:00.000Z date'],
    ['2006-01-02 09:01:00', '2006-01-02T09:01:00.000Z'],
    ['2019-10-17 09-AM', '2019-10-17T09:00:00.000Z'],
    ['2019-10-17 12-AM', '2019-10-17T00:00:00.000Z'],
    ['2019-10-17 12-PM', '2019-10-17T12:00:00.000Z'],
    ['2019-10-17 1:05 pm', '2019-10-17T13:05:00.000Z'],
    ['1/2/1990', '1990-01-02T00:00:00.000Z date'],
    ['1990/1/2 0:00', '1990-01-02T00:00:00.000Z'],
    ['01/03/17', '2017-01-03T00:00:00.000Z date'],
    ['31.12.99', '1999-12-31T00:00:00.000Z date'],
    ['17 Oct 2019', '2019-10-17T00:00:00.000Z date'],
    ['Oct 17, 2019 09:30', '2019-10-17T09:30:00.000Z'],
    ['17-October-2019', '2019-10-17T00:00:00.000Z date'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z date'],
    ['2024-01-01 24:00', '2024-01-02T00:00:00.000Z'],
  ])('reads %j', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it('reads the day first where it is told to', () => {
    expect(iso('1/2/1990', 'day-first')).toBe('1990-02-01T00:00:00.000Z date');
  });

  it.each([
    '',
    'soon',
    '2023',
    '2023-13-01',
    '2023-02-29',
    '2023-04-31',
    '2023-04-01 25:00',
    '2023-04-01 10:60',
    '2023-04-01 5',
    '2023-04-01 13-PM',
    '2023-04-01 10:00 CET',
    '-(2020-08-27 15:13',
    '17 Foo 2019',
    '1502971200',
  ])('refuses %j', (text) => {
    expect(iso(text)).toBeUndefined();
  });

  it('reads back every instant that Date writes', () => {
    const dates = fc.date({
      min: new Date(Date.UTC(1900, 0, 1)),
      max: new Date(Date.UTC(2199, 0, 1)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTimeText(date.toISOString(), 'month-first')?.ms).toBe(date.getTime());
      }),
    );
  });

  it('never throws', () => {
    const near = fc
      .array(fc.constantFrom(...'0123456789-/.: TZ+APMapmOct,'), { maxLength: 30 })
      .map((chars) => chars.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), near), (text) => {
        const time = parseTimeText(text, 'day-first');
        expect(time === undefined || Number.isFinite(time.ms)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
