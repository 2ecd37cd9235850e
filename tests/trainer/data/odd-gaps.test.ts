import { describe, expect, it } from 'vitest';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';
import { sharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** Odd files lie beside the checkout; without them there is nothing to read. */
describe.skipIf(sharedData('odd/') === null)(
  'odd gaps and prices (skipped where the shared data folder is absent)',
  () => {
    const load = async (name: string, data: Partial<DataConfig> = {}) =>
      (await loadBars({ ...dataSchema.parse({ source: `odd/${name}` }), ...data }, { roots: [sharedDataFolder] }))
        .report;

    const files: readonly (readonly [name: string, expected: Partial<CleaningReport>, note: RegExp])[] = [
      [
        'apart_11y.csv',
        { bars: 1488, gaps: 1, missingBars: 95_688, segments: 2 },
        /2013-06-01.* to 2024-05-01.*3987 days/,
      ],
      ['two_months_apart.csv', { bars: 1488, gaps: 1, segments: 2 }, /1796 days: a gap/],
      ['two_months_apart_1y.csv', { bars: 1488, gaps: 1, segments: 2 }, /days: a gap/],
      ['two_months_apart_2y.csv', { bars: 1488, gaps: 1, segments: 2 }, /days: a gap/],
      ['covid_ftx.csv', { bars: 672, gaps: 1, segments: 2 }, /2020-03-16.* to 2022-11-01.*960 days/],
      ['inner_gap.csv', { bars: 720, gaps: 1, missingBars: 96, segments: 2 }, /^/],
      ['zero_row.csv', { bars: 744, gaps: 0, segments: 1 }, /^/],
      ['kraken.csv', { bars: 342, gaps: 0, untraded: 56, segments: 1 }, /lists only bars with trades/],
      ['stooq.txt', { bars: 60, gaps: 0, segments: 1 }, /^/],
      [
        'badtick.csv',
        { bars: 2000, outliers: 1, outlierTimes: [1_706_587_200_000] },
        /high 101230000 where about 100\.9/,
      ],
      ['flat.csv', { bars: 2000, gaps: 0, outliers: 0 }, /the close never changes: it is 1/],
      ['stable.csv', { bars: 2000, gaps: 0, outliers: 0 }, /the close never changes: it is 1/],
      ['halts.csv', { bars: 2000, standstills: 1, standstillBars: 600, zeroVolume: 600 }, /from 2024-02-28 08:00/],
      ['rising.csv', { bars: 2000, outliers: 0 }, /^/],
      ['tinyprice.csv', { bars: 2000, outliers: 0, gaps: 0 }, /^/],
      ['hugevol.csv', { bars: 2000, outliers: 0, gaps: 0 }, /^/],
    ];

    it.each(files)('%s', async (name, expected, note) => {
      const report = await load(name);
      expect(report).toMatchObject(expected);
      expect(report.notes.join('\n')).toMatch(note);
    });

    it('mends the bad tick as it is told', async () => {
      expect(await load('badtick.csv', { outliers: 'drop' })).toMatchObject({ bars: 1999, gaps: 1, segments: 2 });
      expect(await load('badtick.csv', { outliers: 'clip' })).toMatchObject({ bars: 2000, gaps: 0, segments: 1 });
    });
  },
);
