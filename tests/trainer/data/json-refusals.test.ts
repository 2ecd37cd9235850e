import { describe, expect, it } from 'vitest';
import { readContent } from './read-file.ts';

describe('JSON', () => {
  const refused: Record<string, readonly [text: string, code: string, says: RegExp]> = {
    'an unknown shape': [
      '{"alpha": 1, "beta": {"gamma": 2}}',
      'data_unreadable',
      /another shape \(an object with the keys "alpha", "beta"\)/,
    ],
    'a list of numbers': ['[1, 2, 3]', 'data_unreadable', /another shape \(a list of single values\)/],
    'Binance’s error': [
      '{"code":-1121,"msg":"Invalid symbol."}',
      'data_unreadable',
      /answer of a service.*"Invalid symbol\."/,
    ],
    'an error in a list': ['[{"code":-1121,"msg":"Invalid symbol."}]', 'data_unreadable', /"Invalid symbol\."/],
    'Alpha Vantage’s error': ['{"Error Message": "Invalid API call."}', 'data_unreadable', /"Invalid API call\."/],
    'Alpha Vantage’s limit': [
      '{"Information": "Our standard limit is 25 requests a day"}',
      'data_unreadable',
      /25 requests/,
    ],
    'Yahoo’s error': [
      '{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}',
      'data_unreadable',
      /"No data found"/,
    ],
    'Kraken’s error': ['{"error":["EQuery:Unknown asset pair"]}', 'data_unreadable', /Unknown asset pair/],
    'OKX’s error': [
      '{"code":"51001","msg":"Instrument ID does not exist","data":[]}',
      'data_unreadable',
      /does not exist/,
    ],
    'an answer of TradingView': ['{"s":"no_data"}', 'data_unreadable', /no_data/],
    'an answer without rows': ['{"status":"OK","results":[]}', 'data_empty', /without a row/],
    'more values than lines': ['[]'.repeat(1_000_001), 'data_unreadable', /more than 1000000 values one after another/],
    'no rows': ['[]', 'data_empty', /without a row/],
    'two tables': ['{"first":[[1,2]],"second":[{"a":1}]}', 'data_unreadable', /2 tables \("first", "second"\)/],
    'two tables in turn': [
      '{"ticker":"A","results":[{"t":1,"c":2}]}{"ticker":"B","results":[{"t":1,"c":2}]}',
      'data_unreadable',
      /different kinds/,
    ],
    'columns of two lengths': ['{"time":[1,2],"close":[1]}', 'data_unreadable', /"close" has 1 values, "time" 2/],
    'a text that ends early': ['[[1, 2],\n[3, NaN', 'data_unreadable', /no JSON at line 2/],
    'a comma too many': ['[[1, 2],\n[3, 4],\n]', 'data_unreadable', /no JSON at line 2, column 7/],
    'a text that is torn': ['[[1, NaN],\n[3, x]]', 'data_unreadable', /no JSON at line 2, column 5/],
  };
  it.each(Object.entries(refused))('refuses %s', async (_, [text, code, says]) => {
    await expect(readContent('bars.json', text)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says) as string,
    });
  });

  it('refuses more columns, rows or cells than the limits as soon as they are there', async () => {
    const wide = JSON.stringify(Array.from({ length: 40 }, (_, k) => ({ [`c${k}`]: k })));
    await expect(readContent('wide.json', wide, { maxColumns: 20 })).rejects.toThrow(/21 columns, more than 20/);
    const long = Array.from({ length: 9000 }, (_, k) => `[${k},1]`).join('\n');
    await expect(readContent('long.jsonl', long, { maxRows: 5000 })).rejects.toThrow(/more than 5000 rows/);
    await expect(readContent('long.jsonl', long, { maxCells: 10_000 })).rejects.toThrow(
      /of 2 columns, more than 10000 cells/,
    );
  });
});
