import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { loadBars } from '#trainer/data/load.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const day = (i: number) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);

/** Files of these rows, each column by its name, and what is loaded of them. */
function load(files: Readonly<Record<string, readonly string[]>>, extra: readonly string[], data: object = {}) {
  const folder = temporaryFolder();
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const [only, ...others] = Object.keys(files);
  const source = others.length === 0 ? only : '*.csv';
  return loadBars(dataSchema.parse({ source, ...data }), { roots: [folder], extra });
}

const rows = (count: number, cells: (i: number) => string, from = 0) =>
  Array.from({ length: count }, (_, i) => `${day(from + i)},100,101,99,100.5,7,${cells(from + i)}`);
const head = 'Date,Open,High,Low,Close,Volume';

describe('further columns of a file', () => {
  it('follow their rows through sorting, dropping and filling, and are NaN where a cell is blank', async () => {
    const lines = rows(40, (i) => `${i % 8 === 0 ? `${i / 1000}` : ''},text`);
    // Out of order, twice, no bar, and a gap.
    const shuffled = [lines[1], lines[0], lines[0], ...lines.slice(2, 10), ...lines.slice(11)];
    shuffled[5] = shuffled[5].replace('100,101', '100,1');
    const file = { 'a.csv': [`${head},funding rate,venue`, ...shuffled] };
    const gaps = { gaps: { policy: 'fill', max_fill: 5 } };
    const { bars, report } = await load(file, ['funding rate'], gaps);
    const values = bars.extra['funding rate'];
    expect(values.length).toBe(40);
    expect([values[0], values[8], values[16], values[1], values[15]]).toEqual([0, 0.008, 0.016, NaN, NaN]);
    expect([report.filledBars, report.invalidRows, report.identicalDuplicates]).toEqual([2, 1, 1]);
    expect(report.unused).toEqual(['venue']);
    expect(report.numeric).toEqual(['Open', 'High', 'Low', 'Close', 'Volume', 'funding rate']);
  });

  it('may be columns that the bars are made of too', async () => {
    const { bars } = await load({ 'a.csv': [`${head},Adj Close`, ...rows(30, (i) => `${90 + i}`)] }, [
      'Volume',
      'Adj Close',
    ]);
    expect([bars.extra['Volume'][3], bars.extra['Adj Close'][3]]).toEqual([7, 93]);
  });

  it('are joined over several files, each of which must have them', async () => {
    const one = [`${head},oi`, ...rows(20, (i) => `${i}`)];
    const two = [`${head},oi`, ...rows(20, (i) => `${i}`, 20)];
    const { bars } = await load({ 'a.csv': one, 'b.csv': two }, ['oi']);
    expect(Array.from(bars.extra['oi'])).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const without = two.map((line) => line.split(',').slice(0, 6).join(','));
    await expect(load({ 'a.csv': one, 'b.csv': without }, ['oi'])).rejects.toThrow('b.csv has no column "oi"');
  });

  it('count a few texts as missing', async () => {
    const { bars, report } = await load({ 'a.csv': [`${head},oi`, ...rows(200, (i) => (i === 9 ? 'halt' : `${i}`))] }, [
      'oi',
    ]);
    expect([bars.extra['oi'][9], bars.extra['oi'][10]]).toEqual([NaN, 10]);
    expect(report.notes).toContain('oi: 1 cells are no numbers and count as missing, the first "halt"');
  });

  it.each([
    [
      'a name that the file does not have',
      'funding',
      '(did you mean "funding_rate"?); its columns of numbers are "Open"',
    ],
    ['a column of texts, with the text', 'venue', '30 of 30 cells are none, the first "deep"'],
    ['a column of times', 'Date', '30 of 30 cells are none, the first "2024-01-01"'],
  ])('are refused at their key: %s', async (_, name, words) => {
    const lines = rows(30, (i) => `${i},deep`);
    const error = await load({ 'a.csv': [`${head},funding_rate,venue`, ...lines] }, [name]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AppError);
    const { code, message, issues } = error as AppError;
    expect([code, issues[0].path]).toEqual(['invalid_config', `features.columns.${name}`]);
    expect(message).toContain(words);
  });
});
