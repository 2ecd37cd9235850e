import { describe, expect, it } from 'vitest';
import { row, readText } from './read-text.ts';

const rows = Array.from({ length: 5 }, (_, k) => `2024/01/0${k + 1},10,11,9,10.5,100\n`).join('');
// 日付,始値,高値,安値,終値,出来高 in Shift_JIS.
const japanese = '93fa95742c8e6e926c2c8d82926c2c88c0926c2c8f49926c2c8f6f97888d82';
// Дата,Откр.,Макс.,Мин.,Цена,Объём in Windows-1251.
const russian = 'c4e0f2e02ccef2eaf02e2ccce0eaf12e2ccce8ed2e2cd6e5ede02ccee1fab8ec';

describe('encodings that are no UTF-8', () => {
  it.each([
    ['shift_jis', japanese, '日付 始値 高値 安値 終値 出来高'],
    ['windows-1251', russian, 'Дата Откр. Макс. Мин. Цена Объём'],
  ])('%s is known by the names of columns', async (encoding, header, names) => {
    const table = await readText(Buffer.concat([Buffer.from(header, 'hex'), Buffer.from(`\n${rows}`)]));
    expect(table.names?.join(' ')).toBe(names);
    expect(row(table, 0)).toEqual(['2024/01/01', '10', '11', '9', '10.5', '100']);
    expect(table.notes).toEqual([`no UTF-8: read as ${encoding}, in which the columns have names`]);
  });

  it('else are Windows-1252', async () => {
    const table = await readText(Buffer.from(`Datum,Er\xf6ffnung,Hoch,Tief,Schluss,St\xfccke\n${rows}`, 'latin1'));
    expect(table.names?.[1]).toBe('Eröffnung');
  });
});

describe('tables of text', () => {
  it('of Markdown are read without the rule below the header', async () => {
    const table = await readText('| time | close |\n|---|:--:|\n| 2024-01-01 | 5 |\n| 2024-01-02 | 6 |\n');
    expect([table.names?.filter(Boolean), table.rows]).toEqual([['time', 'close'], 2]);
    expect(table.notes.join()).not.toContain('---');
  });

  it('with decimal commas between commas are refused', async () => {
    const cells = Array.from({ length: 9 }, (_, k) => `2021-01-0${k + 1},50,01,50,24,49,98,50,18\n`).join('');
    await expect(readText(`Date,Open,High,Low,Close\n${cells}`)).rejects.toThrow(/decimal sign.*semicolons/);
  });
});
