import type { DatasetReport } from './dataset.ts';

/** Where the rows of the bars went, each counted once (SAMPLES.md#rows-lost). */
export interface RowCount {
  /** Samples of all splits. */
  readonly kept: number;
  /** What several stretches of bars lose more than one would. */
  readonly gaps: number;
  readonly warmup: number;
  readonly window: number;
  /** Rows at the end, of which is not known what comes. */
  readonly unlabelled: number;
  /** Purged and embargoed at the boundaries. */
  readonly purge: number;
  /** From data.split.until on. */
  readonly after: number;
}

/** What one stretch of bars loses, and how many stretches there are. */
export interface RowContext {
  readonly segments: number;
  /** Bars: `model.lookback`. */
  readonly lookback: number;
  /** Bars: `targets.horizon`. */
  readonly horizon: number;
}

/**
 * Tells what gaps cost from what any bars cost: one stretch loses its warm-up, lookback − 1 rows to windows and the
 * horizon to labels; all beyond that is the cost of starting afresh. Bars of one stretch lose nothing to gaps.
 */
export function countRows(report: DatasetReport, { segments, lookback, horizon }: RowContext): RowCount {
  const { train, validation, test } = report.samples;
  const most = (once: number) => (segments > 1 ? once : Infinity);
  const warmup = Math.min(report.warmupRows, most(report.warmupBars));
  const window = Math.min(report.brokenWindows, most(lookback - 1));
  const unlabelled = Math.min(report.unlabelledRows, most(horizon));
  const lost = report.warmupRows + report.brokenWindows + report.unlabelledRows;
  return {
    kept: train + validation + test,
    gaps: lost - warmup - window - unlabelled,
    warmup,
    window,
    unlabelled,
    purge: report.purged + report.embargoed,
    after: report.afterUntil ?? 0,
  };
}
