import { z } from 'zod';

/**
 * What happened to a file on its way to bars: every step counted (CLEANING.md#steps), for the page and for data.json.
 */
export const cleaningReportSchema = z
  .object({
    rowsRead: z.int().describe('Rows of the source, header and comments not counted'),
    otherInstruments: z.int().describe('Rows dropped: of other instruments than data.symbol'),
    unparsableTime: z.int().describe('Rows dropped: no readable time'),
    ambiguousTime: z
      .int()
      .describe('Local times that occur twice when the clock is set back; kept, settled by the order of the file'),
    inversions: z.int().describe('Neighbouring rows out of ascending order, before sorting'),
    identicalDuplicates: z.int().describe('Rows dropped: time and all values equal to another row’s'),
    conflictingDuplicates: z.int().describe('Rows dropped: same time as a later row, other values; the last is kept'),
    invalidRows: z
      .int()
      .describe(
        'Rows dropped: prices not positive and finite, low above or high below open or close, or volume below zero',
      ),
    missingVolume: z.int().describe('Rows without a readable volume, which then counts as 0'),
    outsideRange: z.int().describe('Rows dropped: outside data.range'),
    strayRows: z.int().describe('Rows dropped: up to three together, more than a year from all others'),
    offGrid: z
      .int()
      .describe('Rows dropped: time not on the grid of the base step, of which each session may have its own'),
    irregularShare: z
      .number()
      .describe('Share (0 … 1) of distances between neighbouring bars that are not the base step'),
    gaps: z
      .int()
      .describe(
        'Stretches of missing bars while the market is open, how many bars they miss together, and the longest, in bars',
      ),
    missingBars: z.int(),
    longestGap: z.int(),
    closures: z
      .int()
      .describe('Stretches that the market’s calendar explains: its nights, weekends and holidays; no gap, no break'),
    untraded: z
      .int()
      .describe(
        'Stretches without a trade, in a file that lists only bars with trades, and how many bars they miss together; no break',
      ),
    untradedBars: z.int(),
    filledBars: z.int().describe('Bars made up by the policy `fill`'),
    zeroVolume: z.int().describe('Bars of the source with volume 0'),
    bars: z.int().describe('Bars that came out, filled ones among them, in this many contiguous segments'),
    segments: z.int(),
    step: z
      .number()
      .describe('Base step in milliseconds: the commonest distance, or what nearly all distances are multiples of'),
    first: z.number().describe('Opening time of the first and the last bar, ms since 1970 UTC'),
    last: z.number(),
    columns: z
      .record(z.string(), z.string())
      .readonly()
      .describe('Part of a bar → column of the file it was taken from'),
    unused: z.array(z.string()).readonly().describe('Columns of the file that nothing was taken from'),
    numeric: z
      .array(z.string())
      .readonly()
      .describe('Columns of the file that features.columns may take: those of numbers'),
    symbol: z.string().nullable().describe('The instrument, where the file names one'),
    repairedTimes: z.int().describe('Times impossible as written that could be repaired with certainty'),
    outliers: z.int().describe('Bars with a price far off its neighbours: noted, dropped or clipped by data.outliers'),
    standstillBars: z
      .int()
      .describe('Bars in stretches without volume and movement, perhaps an outage; left out by data.outliers = drop'),
    standstills: z.int().describe('How many such stretches'),
    standstillTimes: z
      .array(z.tuple([z.number(), z.number()]).readonly())
      .readonly()
      .describe('The first 200 of them, each from its first bar’s opening to its last bar’s end, ms'),
    outlierTimes: z.array(z.number()).readonly().describe('Opening times of the first 500 outliers, ms'),
    calendar: z.string().describe('What explains closures, in words'),
    timeFormat: z.string().describe('How the times are written, in words'),
    notes: z.array(z.string()).readonly(),
  })
  .meta({ ref: 'CleaningReport' });
export type CleaningReport = Readonly<z.infer<typeof cleaningReportSchema>>;
