import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-names-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a day of hours for each name, one day after the other, and loads the pattern. */
async function load(names: readonly string[], source: string, symbol: string | null = null) {
  for (const [k, name] of names.entries()) {
    const rows = Array.from({ length: 24 }, (_, hour) => `${1_704_067_200 + k * 86_400 + hour * 3600},1,2,1,2,3`);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `time,open,high,low,close,volume\n${rows.join('\n')}\n`);
  }
  return loadBars(dataSchema.parse({ source, symbol }), { roots: [folder] });
}

describe('names of files that one pattern matches', () => {
  it.each([
    ['BTCUSDT-1m-2024-01.csv', 'BTCUSDT-1m-2024-02.csv'],
    ['part-1.csv', 'part-2.csv'],
    ['2023.csv', '2024.csv'],
    ['jan.csv', 'feb.csv'],
    ['eurusd_old.csv', 'eurusd_new.csv'],
    ['AAPL_2020-2022.csv', 'AAPL_2023.csv'],
    ['2023/BTC.csv', '2024/BTC.csv'],
    ['EURUSD_H1.csv', 'EURUSD_H1_2024.csv'],
    ['a.csv', 'b.csv'],
  ])('%s and %s are of one market', async (...names) => {
    expect((await load(names, names[0].includes('/') ? '*/*.csv' : '*.csv')).report.bars).toBe(48);
  });

  it.each([
    ['BTC_USDT-1h.csv', 'ETH_USDT-1h.csv'],
    ['BTCUSDT-1m-2024-01.csv', 'ETHUSDT-1m-2024-02.csv'],
    ['AAPL.csv', 'MSFT.csv'],
    ['ESH24.csv', 'ESM24.csv'],
    ['BTC/1h.csv', 'ETH/1h.csv'],
  ])('%s and %s are not, and refused by name', async (...names) => {
    await expect(load(names, names[0].includes('/') ? '*/*.csv' : '*.csv')).rejects.toMatchObject({
      code: 'data_unreadable',
      message: expect.stringContaining(names[0]) as unknown,
      issues: [{ path: 'data.symbol', message: expect.stringMatching(/2 instruments by their names/) as unknown }],
    });
  });

  it('let data.symbol choose, in the ways that symbols are written', async () => {
    const names = ['BTC_USDT-1h.csv', 'ETH_USDT-1h.csv'];
    for (const symbol of ['ETH', 'ETH/USDT', 'ethusdt']) {
      const { files, report } = await load(names, '*.csv', symbol);
      expect(files).toEqual(['ETH_USDT-1h.csv']);
      expect(report.notes).toContain('1 file named after other instruments left out');
    }
    await expect(load(names, '*.csv', 'XRP')).rejects.toThrow(
      /none is named after data\.symbol "XRP".*BTC_USDT-1h\.csv/,
    );
    const all = await load(['AAPL_yahoo.csv', 'AAPL_stooq.csv'], 'AAPL*.csv', 'AAPL');
    expect(all.report.bars).toBe(48);
  });
});
