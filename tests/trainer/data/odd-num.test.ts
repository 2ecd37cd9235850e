import { describe, expect, it } from 'vitest';
import { day, hour, minute } from '#core/time/timeframe.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** Files as people export them lie beside the checkout; without them there is nothing to read. */
describe.skipIf(!hasSharedData)(
  'numbers and times of odd files (skipped where the shared data folder is absent)',
  () => {
    const load = (source: string, data: Partial<DataConfig> = {}) =>
      loadBars({ ...dataSchema.parse({ source: `odd/${source}` }), ...data }, { roots: [sharedDataFolder] });

    it.each<[string, string, number, number, readonly [number, number, number]]>([
      ['thousands_cross.csv', '2023-01-02T00:00', day, 200, [990, 989.39, 853_000]],
      ['german_en.csv', '2023-01-02T00:00', day, 60, [4500, 4490.8, 1_035_000]],
      ['german_cross.csv', '2023-01-02T00:00', day, 60, [990, 984.57, 941]],
      ['investing.csv', '2023-01-02T00:00', day, 60, [4500, 4490.8, 1030]],
      ['nasdaq.csv', '2023-01-02T00:00', day, 60, [150, 151.34, 604]],
      ['quoted_decimal_comma.csv', '2023-01-02T00:00', day, 60, [100, 99.93, 806]],
      ['tab_decimal_comma.tsv', '2023-01-02T00:00', day, 60, [100, 100.93, 557]],
      ['underscore.csv', '2024-01-01T00:00', day, 80, [100, 99.74, 1035]],
      ['sci_prices.csv', '2024-12-31T00:00', minute, 60, [1e-5, 9.943e-6, 1.479e12]],
      ['yahoo_page_copy.csv', '2023-01-02T00:00', day, 60, [180, 182.41, 624_000]],
      ['yf_intraday_neg.csv', '2024-10-28T13:30', 30 * minute, 80, [100, 99.74, 1035]],
      ['tv_iso_dst.csv', '2024-11-02T00:00', hour, 60, [100, 98.32, 922]],
      ['off_neg.json', '2024-03-01T05:00', hour, 80, [100, 99.74, 1035]],
      ['off_neg_frac.csv', '2024-03-01T07:00', hour, 80, [100, 99.74, 1035]],
      ['off_neg_gmt.csv', '2024-03-01T05:00', hour, 80, [100, 99.74, 1035]],
      ['off_neg_h.csv', '2024-03-01T05:00', hour, 80, [100, 99.74, 1035]],
      ['off_neg_min.csv', '2024-03-01T03:00', hour, 80, [100, 99.74, 1035]],
      ['off_neg_space.csv', '2024-03-01T05:00', hour, 80, [100, 99.74, 1035]],
      ['off_utcneg.csv', '2024-03-01T05:00', hour, 80, [100, 99.74, 1035]],
      ['tz_est_word.csv', '2024-03-04T05:00', hour, 60, [100, 99.43, 1487]],
      ['tz_utc_word.csv', '2024-03-04T00:00', hour, 60, [100, 99.43, 1487]],
      ['ib_tz.csv', '2024-03-04T00:00', hour, 60, [100, 100.3, 1159]],
      ['ib_tz2.csv', '2024-03-04T05:00', hour, 60, [100, 100.5, 868]],
      ['us_ampm.csv', '2024-03-04T00:00', hour, 60, [100, 100.53, 1437]],
      ['excel_serial.csv', '2024-01-09T00:00', day, 60, [100, 100.81, 1029]],
      ['cdd_mixed.csv', '2024-01-01T00:00', hour, 80, [100, 99.74, 1035]],
      ['epoch_float.csv', '2024-12-31T00:00', minute, 60, [100, 100.02, 1070]],
      ['ns_epoch.csv', '2024-12-31T00:00', minute, 60, [100, 100.52, 759]],
    ])('%s', async (file, first, step, count, [open, close, volume]) => {
      const { report, bars } = await load(file);
      expect(new Date(report.first).toISOString().slice(0, 16)).toBe(first);
      expect(report).toMatchObject({
        step,
        bars: count,
        unparsableTime: 0,
        missingVolume: file === 'yahoo_page_copy.csv' ? 1 : 0,
      });
      expect([bars.open[0], bars.close[0], bars.volume[0]]).toEqual([open, close, volume]);
    });

    it('drops the lone 0 among epochs and says so', async () => {
      const { report } = await load('epoch_zero_row.csv');
      expect(report).toMatchObject({ bars: 79, unparsableTime: 1, first: Date.UTC(2024, 0, 1) });
      expect(report.notes.join()).toMatch(/default time 1970-01-01.*1$/);
      expect((await load('zero_row.csv')).report).toMatchObject({ bars: 744, unparsableTime: 1, gaps: 0 });
    });

    it.each([
      ['bar_index.csv', /"t" counts bars \(0, 1, 2 …\) and not times/],
      ['epoch_excel_sci.csv', /rounded to 10000 seconds.*0 decimals/],
      ['epoch_sci_loss.csv', /rounded to 1000 seconds.*0 decimals/],
    ])('%s is refused for what it is', async (file, says) => {
      await expect(load(file)).rejects.toMatchObject({
        code: 'data_unreadable',
        message: expect.stringMatching(says) as string,
      });
    });

    it('refuses a column of prices most of whose groups are broken, with the text', async () => {
      await expect(load('nbsp_thousand.csv')).rejects.toMatchObject({
        code: 'data_unreadable',
        message: expect.stringMatching(/"open" has 74 of 80 cells that are no numbers, the first "1.99,74" in row 2/),
      });
    });

    it('settles the hour that New York has twice', async () => {
      const { report } = await load('dst_dup_ny.csv', { timezone: 'America/New_York' });
      expect(report).toMatchObject({ bars: 40, ambiguousTime: 4, gaps: 0, step: 30 * minute, identicalDuplicates: 0 });
      expect(new Date(report.first).toISOString()).toBe('2024-11-03T02:00:00.000Z');
    });

    it('counts the repairs of times', async () => {
      expect((await load('cdd_mixed.csv')).report.repairedTimes).toBe(10);
      expect((await load('excel_serial.csv')).report.repairedTimes).toBe(60);
    });
  },
);
