import { describe, expect, it } from 'vitest';
import { parseTimes } from '#core/quotes/timestamp.ts';
import { openZone } from '#core/time/zone.ts';
import { ColumnBuilder } from '#core/table/column.ts';
import { type CellValue, table } from '../bars/make-table.ts';
import { iso, read, readPair } from './read-times.ts';

describe('offsets', () => {
  it('that change over the year are instants in the order of the file', () => {
    const { times, format } = read([
      '2024-11-03T00:00:00-04:00',
      '2024-11-03T01:00:00-04:00',
      '2024-11-03T01:00:00-05:00',
      '2024-11-03T02:00:00-05:00',
    ]);
    expect(times).toEqual(['2024-11-03T04:00Z', '2024-11-03T05:00Z', '2024-11-03T06:00Z', '2024-11-03T07:00Z']);
    expect(format).toBe('text with offset');
  });

  it('that change their sign over the year are instants too', () => {
    const { times } = read(['2024-03-30 22:00:00-01:00', '2024-03-30 23:00:00-01:00', '2024-03-31 01:00:00+00:00']);
    expect(times).toEqual(['2024-03-30T23:00Z', '2024-03-31T00:00Z', '2024-03-31T01:00Z']);
    expect(read(['2024-10-27 01:30:00+01:00', '2024-10-27 00:30:00-01:00']).times).toEqual([
      '2024-10-27T00:30Z',
      '2024-10-27T01:30Z',
    ]);
  });
});

describe('zones named behind the time', () => {
  it('are read a row at a time', () => {
    const { times, format } = read([
      '20240308 09:30:00 US/Eastern',
      '20240311 09:30:00 US/Eastern',
      '20240311 09:30:00 Europe/Berlin',
    ]);
    expect(times).toEqual(['2024-03-08T14:30Z', '2024-03-11T13:30Z', '2024-03-11T08:30Z']);
    expect(format).toBe('local text (America/New_York, Europe/Berlin)'.replace('America/New_York', 'US/Eastern'));
  });

  it('are one offset the year round where they are the name of a clock, and a note says so', () => {
    const { times, notes } = read(['2024-07-01 09:30 EST', '2024-12-01 09:30 EST']);
    expect(times).toEqual(['2024-07-01T14:30Z', '2024-12-01T14:30Z']);
    expect(notes).toEqual(['times in EST are read as UTC-5 the year round']);
  });

  it.each(['BST', 'IST', 'CST'])('%s is refused by name, and read in data.timezone where that is set', (word) => {
    const cells = [`2024-07-01 09:30 ${word}`, `2024-07-01 10:30 ${word}`];
    expect(() => read(cells)).toThrow(new RegExp(`zone ${word} \\(row 1\\).*data\\.timezone`));
    expect(read(cells, { zone: 'Europe/London' }).times).toEqual(['2024-07-01T08:30Z', '2024-07-01T09:30Z']);
  });
});

describe('a CST', () => {
  it('is that of Chicago where the same column has a CDT', () => {
    const { times, notes } = read(['2024-11-02 09:30 CDT', '2024-11-04 09:30 CST']);
    expect(times).toEqual(['2024-11-02T14:30Z', '2024-11-04T15:30Z']);
    expect(notes.join('\n')).toContain('times in CST are read as UTC-6');
  });

  it('names a zone of each place where it is refused', () => {
    expect(() => read(['2024-07-01 09:30 CST'])).toThrow(/China.*such as Asia\/Shanghai or America\/Chicago/);
  });
});

describe('months of a spreadsheet', () => {
  it('are read as those of a year', () => {
    expect(read(['Nov-99', 'Dec-99', 'Jan-00']).times).toEqual([
      '1999-11-01T00:00Z',
      '1999-12-01T00:00Z',
      '2000-01-01T00:00Z',
    ]);
  });

  it('are refused where they are days without a year', () => {
    expect(() => read(['Jan-02', 'Jan-03', 'Jan-04', 'Jan-05', 'Jan-08'])).toThrow(/"Jan-02".*without a year/);
  });
});

describe('clocks before their dates', () => {
  it('tell the order of day and month as others do', () => {
    expect(read(['15:30 05/10/2024', '15:30 28/10/2024']).times).toEqual(['2024-10-05T15:30Z', '2024-10-28T15:30Z']);
  });
});

describe('hours that come twice in a zone that the rows name', () => {
  it('are said of that zone', () => {
    const { notes } = read([
      '20241103 00:30:00 US/Eastern',
      '20241103 01:30:00 US/Eastern',
      '20241103 01:30:00 US/Eastern',
    ]);
    expect(notes).toEqual(['2 local times occur twice in US/Eastern (clock set back): settled by order']);
  });
});

describe('zones named in the header', () => {
  it.each([
    ['Time (EET)', '2024-07-01T06:30Z'],
    ['Time (UTC)', '2024-07-01T09:30Z'],
    ['Gmt time', '2024-07-01T09:30Z'],
    ['timestamp_utc', '2024-07-01T09:30Z'],
    ['Date (UTC-5)', '2024-07-01T14:30Z'],
    ['Date (GMT+02:00)', '2024-07-01T07:30Z'],
    ['Datetime [America/New_York]', '2024-07-01T13:30Z'],
    ['Time (ET)', '2024-07-01T13:30Z'],
    ['Time (EST)', '2024-07-01T14:30Z'],
    ['Time (ms)', '2024-07-01T09:30Z'],
    ['Local time', '2024-07-01T09:30Z'],
    ['et', '2024-07-01T09:30Z'],
  ])('%s', (name, expected) => {
    expect(read(['2024-07-01 09:30'], { name }).times).toEqual([expected]);
  });

  it('are named in the format and in a note', () => {
    const { format, notes } = read(['2024-07-01 09:30'], { name: 'Time (EET)' });
    expect([format, notes]).toEqual(['local text (EET)', ['times are those of EET, as the header says']]);
  });

  it('win over data.timezone', () => {
    const { times, notes } = read(['2024-07-01 09:30'], { name: 'Time (EET)', zone: 'America/New_York' });
    expect([times, notes]).toEqual([['2024-07-01T06:30Z'], ['times are those of EET, as the header says']]);
  });

  it('give way to data.timezone where the word is used loosely, and a note says so', () => {
    const { times, notes } = read(['2024-07-01 09:30'], { name: 'Time (EST)', zone: 'America/New_York' });
    expect(times).toEqual(['2024-07-01T13:30Z']);
    expect(notes).toEqual(['the header says EST, data.timezone America/New_York: read as America/New_York']);
    expect(read(['2024-07-01 09:30'], { name: 'Time (EST)' }).times).toEqual(['2024-07-01T14:30Z']);
  });

  it('do not touch instants and dates', () => {
    expect(read(['2024-07-01', '2024-07-02'], { name: 'Date (EET)' }).times).toEqual([
      '2024-07-01T00:00Z',
      '2024-07-02T00:00Z',
    ]);
    expect(read([1_719_792_000], { name: 'Time (EET)' }).times).toEqual(['2024-07-01T00:00Z']);
  });
});

describe('clocks of a zone', () => {
  it('settles the hour that comes twice by the order of the file, either way round', () => {
    const cells = [
      '2024-11-03 00:30',
      '2024-11-03 01:00',
      '2024-11-03 01:30',
      '2024-11-03 01:00',
      '2024-11-03 01:30',
      '2024-11-03 02:00',
    ];
    const expected = ['04:30', '05:00', '05:30', '06:00', '06:30', '07:00'].map((clock) => `2024-11-03T${clock}Z`);
    const { times, ambiguous } = read(cells, { zone: 'America/New_York' });
    expect([times, ambiguous]).toEqual([expected, 4]);
    expect(read(cells.toReversed(), { zone: 'America/New_York' }).times).toEqual(expected.toReversed());
  });

  it('takes a date among clocks for the midnight of the same clock', () => {
    const cells = ['2024-07-01 23:00', '2024-07-02', '2024-07-02 01:00'];
    expect(read(cells, { zone: 'America/New_York' }).times).toEqual([
      '2024-07-02T03:00Z',
      '2024-07-02T04:00Z',
      '2024-07-02T05:00Z',
    ]);
  });

  it('reads typed timestamps without a zone as it reads text', () => {
    const column = (texts: readonly string[]) => {
      const builder = new ColumnBuilder();
      for (const text of texts) builder.instant(Date.parse(text));
      return { ...table([], ['time']), rows: texts.length, columns: [builder.finish({ naive: true })] };
    };
    const clocks = parseTimes(column(['2024-07-01T09:30Z', '2024-12-01T09:30Z']), [0], openZone('America/New_York'));
    expect([...clocks.ms].map(iso)).toEqual(['2024-07-01T13:30Z', '2024-12-01T14:30Z']);
    expect(clocks.format).toBe('local timestamps (America/New_York)');
    const dates = parseTimes(column(['2024-07-01T00:00Z', '2024-07-02T00:00Z']), [0], openZone('America/New_York'));
    expect([...dates.ms].map(iso)).toEqual(['2024-07-01T00:00Z', '2024-07-02T00:00Z']);
    expect(dates.format).toBe('dates');
  });
});

describe('a date and a clock', () => {
  it.each<[string, readonly CellValue[], readonly CellValue[], readonly string[]]>([
    [
      'YYMMDD and digits',
      ['240304', '240304', '240305'],
      ['000000', '010000', '235900'],
      ['2024-03-04T00:00Z', '2024-03-04T01:00Z', '2024-03-05T23:59Z'],
    ],
    [
      'YYMMDD that begins with 0',
      ['050304', '050304', '050305'],
      ['0', '100', '2359'],
      ['2005-03-04T00:00Z', '2005-03-04T01:00Z', '2005-03-05T23:59Z'],
    ],
    ['YYYYMMDD and digits', ['20240304', '20240304'], ['93000', '160000'], ['2024-03-04T09:30Z', '2024-03-04T16:00Z']],
    [
      'seconds since midnight',
      [20_240_304, 20_240_304, 20_240_304],
      [34_200, 34_260, 57_540],
      ['2024-03-04T09:30Z', '2024-03-04T09:31Z', '2024-03-04T15:59Z'],
    ],
    [
      'seconds since midnight with a fraction',
      [20_240_304, 20_240_304],
      [34_200.25, 57_600],
      ['2024-03-04T09:30:00.250Z', '2024-03-04T16:00Z'],
    ],
    ['minutes since midnight', [20_240_304, 20_240_304], [570, 1390], ['2024-03-04T09:30Z', '2024-03-04T23:10Z']],
    ['AM and PM', ['03/04/2024', '03/14/2024'], ['12:00 AM', '01:30 PM'], ['2024-03-04T00:00Z', '2024-03-14T13:30Z']],
    [
      'an offset behind the clock',
      ['2024-03-04', '2024-03-04'],
      ['09:30:00-05:00', '10:30:00-05:00'],
      ['2024-03-04T14:30Z', '2024-03-04T15:30Z'],
    ],
    ['days and their fractions', [45_300, 45_300], [0, 0.041666], ['2024-01-09T00:00Z', '2024-01-09T01:00Z']],
  ])('%s', (_, dates, clocks, expected) => {
    expect(readPair(dates, clocks)).toEqual(expected);
  });

  it('are those of data.timezone', () => {
    expect(readPair(['240704', '240705'], ['093000', '093000'], 'America/New_York')).toEqual([
      '2024-07-04T13:30Z',
      '2024-07-05T13:30Z',
    ]);
  });
});

describe('an hour that comes twice', () => {
  const twice = ['00:00', '00:30', '01:00', '01:30', '01:00', '01:30', '02:00'].map((at) => `2024-11-03 ${at}`);

  it.each([
    ['half hours', twice],
    ['half hours, newest first', twice.toReversed()],
    ['hours', ['00:00', '01:00', '01:00', '02:00', '03:00'].map((at) => `2024-11-03 ${at}`)],
  ])('in %s of UTC is that of another clock, and a note says so', (_, cells) => {
    expect(read(cells).notes.join()).toMatch(/hour from 2024-11-03 01:00 comes twice.*UTC has none: data\.timezone/);
    expect(read(cells, { zone: 'America/New_York' }).notes.join()).toMatch(/occur twice in America\/New_York/);
  });

  it('is not seen in a file that is merely out of order, or repeats a row', () => {
    const days = ['2024-11-03', '2024-11-04', '2024-11-05', '2024-11-04', '2024-11-06'];
    expect(read(days.map((day) => `${day} 00:00`)).notes).toEqual([]);
    expect(read(['00:00', '00:30', '01:00', '01:00', '01:30'].map((at) => `2024-11-03 ${at}`)).notes).toEqual([]);
    expect(read(['00:00', '01:00', '02:00', '02:00'].map((at) => `2024-11-04 ${at}`)).notes).toEqual([]);
  });
});
