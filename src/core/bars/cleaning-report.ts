/** What happened to a file on its way to bars: every step counted (DOMAIN 3.2), for the page and for data.json. */
export interface CleaningReport {
  /** Rows of the source, header and comments not counted. */
  readonly rowsRead: number;
  /** Rows dropped: no readable time. */
  readonly unparsableTime: number;
  /** Local times that occur twice when the clock is set back; kept, settled by the order of the file. */
  readonly ambiguousTime: number;
  /** Neighbouring rows out of ascending order, before sorting. */
  readonly inversions: number;
  /** Rows dropped: time and all values equal to another row's. */
  readonly identicalDuplicates: number;
  /** Rows dropped: same time as a later row, other values; the last is kept. */
  readonly conflictingDuplicates: number;
  /** Rows dropped: prices not positive and finite, low above or high below open or close, or volume below zero. */
  readonly invalidRows: number;
  /** Rows without a readable volume, which then counts as 0. */
  readonly missingVolume: number;
  /** Rows dropped: outside data.range. */
  readonly outsideRange: number;
  /** Rows dropped: time not on the grid of the base step. */
  readonly offGrid: number;
  /** Share (0 … 1) of distances between neighbouring bars that are not the base step. */
  readonly irregularShare: number;
  /** Stretches of missing bars while the market is open, how many bars they miss together, and the longest, in bars. */
  readonly gaps: number;
  readonly missingBars: number;
  readonly longestGap: number;
  /** Stretches that the market's weekly calendar explains (never open at those times); no gap, no break. */
  readonly closures: number;
  /** Bars made up by the policy `fill`. */
  readonly filledBars: number;
  /** Bars of the source with volume 0. */
  readonly zeroVolume: number;
  /** Bars that came out, filled ones among them, in this many contiguous segments. */
  readonly bars: number;
  readonly segments: number;
  /** Base step in milliseconds: the commonest distance. */
  readonly step: number;
  /** Opening time of the first and the last bar, ms since 1970 UTC. */
  readonly first: number;
  readonly last: number;
  /** Part of a bar → column of the file it was taken from. */
  readonly columns: Readonly<Record<string, string>>;
  /** How the times are written, in words. */
  readonly timeFormat: string;
  readonly notes: readonly string[];
}
