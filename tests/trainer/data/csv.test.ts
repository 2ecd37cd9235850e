import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ColumnBuilder } from '#core/table/column.ts';
import { readText, row } from './read-text.ts';

const fields = ['open', 'high', 'low', 'close', 'volume'];
const names = ['date', ...fields];
const values = ['100', '102', '99', '101', '5'];
const days = ['2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07'];
/** Rows of one value each, as lines. */
const body = (separator = ',', end = '\n') => days.map((day) => [day, ...values].join(separator)).join(end);

describe('one header line', () => {
  const plain = `${names.join()}\n${body()}\n`;

  it.each<[string, string | Buffer]>([
    ['as it is', plain],
    ['without a line end at the end', plain.trimEnd()],
    ['with CRLF', plain.replaceAll('\n', '\r\n')],
    ['with a lone CR', plain.replaceAll('\n', '\r')],
    ['with blank lines and lines of separators', plain.replaceAll('\n', '\n\n  \n,,,,,\n')],
    ['with blanks around the cells', plain.replaceAll(',', '  ,  ')],
    ['with all cells in quotation marks', plain.replace(/[^,\n]+/g, '"$&"')],
    ['with all cells in apostrophes', plain.replace(/[^,\n]+/g, "'$&'")],
    ['with blanks around the quotation marks', plain.replace(/[^,\n]+/g, ' "$&" ')],
    ['with a separator behind every line', plain.replaceAll('\n', ',\n')],
    ['with a separator behind the rows only', plain.replaceAll(/(\d)\n/g, '$1,\n')],
    ['with a UTF-8 mark', Buffer.from(`\uFEFF${plain}`)],
    ['in UTF-16 with a mark', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['in UTF-16 without one', Buffer.from(plain, 'utf16le')],
    ['in UTF-16, high bytes first', Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()],
    ['in UTF-16, high bytes first, without a mark', Buffer.from(plain, 'utf16le').swap16()],
    ['separated by semicolons', plain.replaceAll(',', ';')],
    ['separated by tabs', plain.replaceAll(',', '\t')],
    ['separated by bars', plain.replaceAll(',', '|')],
    ['separated by several blanks', plain.replaceAll(',', '   ')],
    ['separated by one blank', plain.replaceAll(',', ' ')],
    ['named by sep=', `sep=;\n${plain.replaceAll(',', ';')}`],
    ['named by "sep=" in quotation marks', `"sep=;"\r\n${plain.replaceAll(',', ';')}`],
  ])('%s', async (_, content) => {
    const table = await readText(content);
    expect(table.names).toEqual(names);
    expect(table.instruments).toBeNull();
    expect(table.rows).toBe(4);
    expect(row(table, 0)).toEqual([days[0], ...values]);
    expect(row(table, -1)).toEqual([days[3], ...values]);
    expect(table.notes).toEqual([]);
  });

  it.each([
    ['an index without a name', ['', ...fields]],
    ['Unnamed: 0', ['Unnamed: 0', ...fields]],
    ['marks and capitals', ['<DATE>', '<OPEN>', '<HIGH>', '<LOW>', '<CLOSE>', '<VOL>']],
    ['Chinese', ['日期', '开盘', '最高', '最低', '收盘', '成交量']],
    ['German', ['Datum', 'Erster', 'Hoch', 'Tief', 'Schlußkurs', 'Stücke']],
    ['numbered', ['timestamp', '1. open', '2. high', '3. low', '4. close', '5. volume']],
    ['units', ['Time (UTC)', 'Open (USD)', 'High (USD)', 'Low (USD)', 'Close (USD)', 'Volume (BTC)']],
    ['a number among them', ['date', 'open', 'high', 'low', 'close', '20']],
  ])('keeps the names as they are: %s', async (_, header) => {
    const table = await readText(`${header.join()}\n${body()}\n`);
    expect(table).toMatchObject({ names: header, instruments: null, rows: 4 });
  });

  it('reads Windows-1252 and says so', async () => {
    const header = 'Datum;Schlußkurs;Stücke;Währung €';
    const bytes = Buffer.from(
      `${header.replace('€', '\x80')}\n2024-01-01;1,5;10;x\n2024-01-02;1,6;1\xa0000;x\n`,
      'latin1',
    );
    const table = await readText(bytes);
    expect(table.names).toEqual(header.split(';'));
    expect(row(table, 1)).toEqual(['2024-01-02', '1,6', '1\u00a0000', 'x']);
    expect(table.notes).toEqual(['no UTF-8: read as Windows-1252']);
  });

  it('takes a semicolon for the separator of decimal commas, however many commas there are', async () => {
    const table = await readText('Datum;Schluss\n2024-01-01;1,5\n2024-01-02;1,6\n');
    expect(table.names).toEqual(['Datum', 'Schluss']);
    const german = await readText('D;O;H;L;C;V\n02.01.2023;1,5;1,6;1,4;1,5;1,0\n03.01.2023;1,5;1,6;1,4;1,5;1,0\n');
    expect(row(german, 0)).toEqual(['02.01.2023', '1,5', '1,6', '1,4', '1,5', '1,0']);
  });

  it('reads separators, line ends and marks within quotation marks', async () => {
    const table = await readText('date,note,close\n2024-01-01,"a, ""b""\nc",1\n"Mar 24, 2023","",2\n');
    expect(row(table, 0)).toEqual(['2024-01-01', 'a, "b" c', '1']);
    expect(row(table, 1)).toEqual(['Mar 24, 2023', '', '2']);
  });
});

describe('no header', () => {
  it.each([
    ['dates', body()],
    ['epochs', body().replace(/2024-03-0(\d)/g, '170950000$1')],
    ['epochs and an instrument of one letter', body().replace(/2024-03-0(\d),100/g, '170950000$1,T')],
    ['numbers with thousands', body().replaceAll(',100,', ',"1,100.5",')],
  ])('%s', async (_, content) => {
    expect(await readText(content)).toMatchObject({ names: null, rows: 4 });
  });

  it('a header alone is one', async () => {
    expect(await readText(`${names.join()}\n`)).toMatchObject({ names, rows: 0 });
  });
});

describe('a header behind #', () => {
  it.each([
    '#date,close,open,high,low,volume',
    '# date, close, open, high, low, volume',
    '#"date","close","open","high","low","volume"',
  ])('%s', async (line) => {
    const table = await readText(`# made by hand\n${line}\n${body()}\n# the end, of, the, day, by, me\n`);
    expect(table.names).toEqual(['date', 'close', 'open', 'high', 'low', 'volume']);
    expect(table.notes).toEqual(['the header is the line that begins with #', '1 comment lines (#) skipped']);
  });

  it('stays a comment where there is a header', async () => {
    const table = await readText(`# a,b,c,d,e,f\n${names.join()}\n${body()}\n#x\n`);
    expect(table).toMatchObject({ names, rows: 4 });
  });

  it('stays a comment where it does not name the columns', async () => {
    expect((await readText(`# exported on Monday\n${body()}\n`)).names).toBeNull();
    expect((await readText(`#2024-03-03,1,1,1,1,1\n${body()}\n`)).names).toBeNull();
  });
});

describe('two and three header lines', () => {
  const one = fields.map(() => 'ACME');
  const instruments = [null, ...one];

  it.each([
    ['yfinance', `Price,${fields.join()}\nTicker,${one.join()}\nDate,,,,,\n`, 'Date'],
    ['yfinance by ticker', `Ticker,${one.join()}\nPrice,${fields.join()}\nDatetime,,,,,\n`, 'Datetime'],
    ['levels without names', `,${one.join()}\n,${fields.join()}\nDate,,,,,\n`, 'Date'],
    ['an index without a name', `Price,${fields.join()}\nTicker,${one.join()}\n`, ''],
    ['after reset_index', `Date,${fields.join()}\n,${one.join()}\n`, 'Date'],
    [
      'instruments that are numbers',
      `Price,${fields.join()}\nTicker,${fields.map(() => 600519).join()}\nDate,,,,,\n`,
      'Date',
    ],
    [
      'instruments named as fields',
      `Price,${fields.join()}\nTicker,${fields.map(() => 'T').join()}\nDate,,,,,\n`,
      'Date',
    ],
    ['merged cells', `,ACME,,,,\ndate,${fields.join()}\n`, 'date'],
    ['joined names', `date,${fields.map((field) => `${field}_ACME`).join()}\n`, 'date'],
    ['tuples', `"('date', '')",${fields.map((field) => `"('${field}', 'ACME')"`).join()}\n`, 'date'],
  ])('%s', async (_, header, first) => {
    const table = await readText(`${header}${body()}\n`);
    expect(table.names).toEqual([first, ...fields]);
    const name = /600519/.test(header) ? '600519' : /,T,/.test(header) ? 'T' : 'ACME';
    expect(table.instruments).toEqual(instruments.map((instrument) => instrument && name));
    expect(table.rows).toBe(4);
  });

  it('tells two instruments apart', async () => {
    const header = 'Price,Close,Close,Open,Open\nTicker,AAA,BBB,AAA,BBB\nDate,,,,\n';
    const table = await readText(`${header}2024-01-01,1,2,3,4\n2024-01-02,1,2,3,4\n`);
    expect(table.names).toEqual(['Date', 'Close', 'Close', 'Open', 'Open']);
    expect(table.instruments).toEqual([null, 'AAA', 'BBB', 'AAA', 'BBB']);
    expect(table.notes[0]).toContain('"AAA", "BBB"');
  });

  it('takes a line of units for no instruments', async () => {
    const table = await readText(`${names.join()}\n,USD,USD,USD,USD,shares\n${body()}\n`);
    expect(table).toMatchObject({ names, instruments: null, rows: 4 });
    expect(table.notes).toHaveLength(1);
  });
});

describe('more cells than names', () => {
  it.each([
    ['a comma', `${names.join()}\n${body().replace(/(2024-\S\S-\S\S)/g, '$1,09:30:00')}\n`],
    ['a blank', `${names.join(' ')}\n${body(' ').replace(/(2024-\S\S-\S\S)/g, '$1 09:30:00')}\n`],
  ])('joins date and time split by %s', async (_, content) => {
    const table = await readText(content);
    expect(table.names).toEqual(names);
    expect(row(table, 0)).toEqual(['2024-03-04 09:30:00', ...values]);
    expect(table.notes[0]).toContain('time of day');
  });

  it('finds an index without a name', async () => {
    expect((await readText(`${fields.join()}\n${body()}\n`)).names).toEqual(['', ...fields]);
    const numbered = body().replace(/2024-/g, '1,2024-');
    expect((await readText(`${names.join()}\n${numbered}\n`)).names).toEqual(['', ...names]);
  });

  it('counts rows that go beyond the table', async () => {
    const table = await readText(`${names.join()}\n${body()}\n2024-03-08,1,2,3,4,5,6,7\n2024-03-09,1,2,3,4,5,,\n`);
    expect(table).toMatchObject({ names, rows: 6 });
    expect(table.notes).toEqual(['1 row with more cells than the header has names: what is beyond is not read']);
  });
});

describe('lines that belong to no table', () => {
  it('skips titles above it', async () => {
    const table = await readText(
      `https://www.example.com/data\nACME,daily\n\nReport,,,,,\n${names.join()}\n${body()}\n`,
    );
    expect(table).toMatchObject({ names, rows: 4 });
    expect(table.notes).toEqual(['3 lines above the table skipped']);
  });

  it.each([
    '"Data provided for free by X, (c) 2024"',
    'Data provided for free by X, (c) 2024, all, rights, reserved',
    'Source: X',
    ',,,end,,',
  ])('skips and shows the words below it: %s', async (footer) => {
    const table = await readText(`${names.join()}\n${body()}\n\n${footer}\n`);
    expect(table.rows).toBe(4);
    expect(table.notes[0]).toMatch(/^1 lines without a time or a number skipped: "/);
  });

  it('keeps a row that has only a time', async () => {
    const table = await readText(`${names.join()}\n${body()}\n2024-03-08,null,NaN,,-,.\n"Mar 9, 2024"\n`);
    expect(table).toMatchObject({ rows: 6, notes: [] });
  });

  it('keeps words where the file has nothing else', async () => {
    expect(await readText('when,what\nsoon,much\n')).toMatchObject({ names: ['when', 'what'], rows: 1, notes: [] });
  });

  it('drops headers that come again', async () => {
    const again = `${names.join()}\n${body()}\n`;
    const table = await readText(again + again + again);
    expect(table.rows).toBe(12);
    expect(table.notes).toEqual(['2 repeated header lines skipped']);
  });

  it('refuses a second header with other columns', async () => {
    const other = `${names.join()}\n${body()}\ndate,close,open,high,low,volume\n${body()}\n`;
    await expect(readText(other)).rejects.toMatchObject({
      code: 'data_unreadable',
      message: /second header with other columns in line 6/,
    });
  });

  it('refuses bytes that are no text', async () => {
    await expect(readText(Buffer.from([80, 75, 3, 4, 0, 0, 0, 1, 2, 3]))).rejects.toMatchObject({
      message: /is no text/,
    });
  });
});

describe('long files', () => {
  /** More than a block, with a quoted cell over the end of lines here and there. */
  const lines = Array.from({ length: 60_000 }, (_, k) => {
    const note = k % 997 === 0 ? '"two\r\nlines, ""and"" more"' : 'é';
    return `${1_700_000_000 + 60 * k},${k}.25,${note}`;
  });

  it.each(['\n', '\r\n', '\r'])('come out whole in blocks, whatever ends their lines: %j', async (end) => {
    const table = await readText(`time,close,note${end}${lines.join(end)}${end}`);
    expect(table.rows).toBe(60_000);
    expect(table.columns[1].numbers.every((value, k) => value === k + 0.25)).toBe(true);
    expect(table.columns[0].numbers.every((value, k) => value === 1_700_000_000 + 60 * k)).toBe(true);
    expect(row(table, 997)[2]).toBe('two lines, "and" more');
    expect(row(table, 998)[2]).toBe('é');
  });

  it('names the line of a quotation mark that stays open', async () => {
    const open = [...lines.slice(0, 30_000).filter((line) => !line.includes('"')), '1,2,"open', ...lines.slice(0, 20)];
    await expect(readText(open.join('\n'))).rejects.toMatchObject({ message: /quotation mark near line 29970\./ });
  });

  it('stops at the limit of rows', async () => {
    await expect(readText(lines.join('\n'), { maxRows: 1000 })).rejects.toMatchObject({
      message: /more than 1000 rows/,
    });
  });
});

describe('numbers straight from bytes', () => {
  const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
  const number = fc
    .tuple(
      fc.constantFrom('', '', '-', '+', '- ', '--'),
      fc.oneof(digits(4), digits(20), fc.constant('')),
      fc.option(fc.oneof(digits(3), fc.stringMatching(/^[0-9]{3}$/), digits(20), fc.constant('')), { nil: undefined }),
      fc.constantFrom('', '', '', 'e5', 'E-3', 'e+22', 'e-310', 'e', 'e1234', 'x', '%'),
    )
    .map(([sign, whole, fraction, rest]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${rest}`);
  const cell = fc.oneof(
    { weight: 6, arbitrary: number },
    { weight: 3, arbitrary: fc.double().map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '4.016', '-4.016', '1234.567', '.5', '5.', '.', '-0', '1,5', '1 100', 'NaN'),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n]/g, '')) },
  );
  const blanks = fc.constantFrom('', '', '', ' ', '   ', '\u00a0');
  const written = fc
    .tuple(blanks, cell, blanks, fc.constantFrom(false, false, true))
    .map(([before, text, after, quoted]) => {
      const padded = before + text + after;
      return quoted || /["',;|\t]/.test(padded) ? `"${padded.replaceAll('"', '""')}"` : padded;
    });

  it('are what papaparse and Number make of the same cells', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(written, written, written), { minLength: 1, maxLength: 60 }), async (rows) => {
        const lines = rows.map((cells) => `2024-01-01,${cells.join(',')}\n`).join('');
        const table = await readText(`date,open,high,low\n2024-01-01,1,1,1\n${lines}`);
        const parsed = Papa.parse<string[]>(`2024-01-01,1,1,1\n${lines}`, {
          delimiter: ',',
          skipEmptyLines: true,
        }).data;
        expect(table.rows).toBe(parsed.length);
        for (const [index, column] of table.columns.entries()) {
          const wanted = new ColumnBuilder();
          for (const cells of parsed) wanted.text(cells[index]);
          const { kind, numbers, texts } = wanted.finish();
          expect([...column.kind]).toEqual([...kind]);
          expect([...column.numbers]).toEqual([...numbers]);
          expect([...(column.texts ?? [])]).toEqual([...(texts ?? [])]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
