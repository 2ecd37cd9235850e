import { formatTimeframe } from '#core/time/timeframe.ts';
import { AppError } from '#core/error.ts';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import { type DatasetConfig, splitNames, type SplitName } from './dataset.ts';
import type { SampleRows } from './windows.ts';

/** Fewest samples of a split from which anything can be read. */
const LEAST = 10;

function refusal(code: 'split_too_small' | 'warmup_too_long' | 'data_empty', path: string, message: string): AppError {
  return new AppError(code, message, { issues: [{ path, message }] });
}

/** The bars ended before any was left. */
export function noBars(source: string): AppError {
  const message = `Expected bars, received none from ${source}. Check data.range, the columns and the times of the file.`;
  return refusal('data_empty', 'data.source', message);
}

function isConstant(close: Float64Array): boolean {
  return close.every((price) => price === close[0]);
}

/** Every column is the same number on all train rows: nothing to learn from. */
export function nothingMoves(names: readonly string[], close: Float64Array): AppError {
  const still = isConstant(close)
    ? `the close is ${close[0]} in every bar`
    : 'check the prices of the file, or add features';
  const message = `Expected features that vary, received ${names.length} that are constant on the train rows (${names.slice(0, 5).join(', ')}): ${still}.`;
  return refusal('data_empty', 'data.source', message);
}

/** No row has all of its features: names the slowest feature and the longest stretch there is for it. */
export function warmupTooLong(matrix: FeatureMatrix, longestSegment: number, segments: number, step: number): AppError {
  if (matrix.warmup < longestSegment) {
    const message = `No row has all of its features at once. ${matrix.notes.join('; ')}`;
    return refusal('warmup_too_long', 'features', message);
  }
  const slowest = matrix.warmups.indexOf(matrix.warmup);
  const gaps = segments > 1 ? `, the longest of ${segments} stretches without a gap` : '';
  const message =
    `No row has all of its features: ${matrix.names[slowest]} needs ${matrix.warmup} bars of ${formatTimeframe(step)} ` +
    `before its first settled value, and there are ${longestSegment}${gaps}. ` +
    `Use a shorter period, remove the highest timeframe (${matrix.timeframes.at(-1)}), or use more data` +
    (segments > 1 ? ', or set data.gaps.policy=ignore (or fill, where the gaps are short).' : '.');
  return refusal('warmup_too_long', 'features.timeframes', message);
}

/** What absences in the bars cost: every stretch between them starts features and windows afresh. */
interface BreakLoss {
  readonly segments: number;
  /** Rows without all of their features, and how many of them one start alone would lose. */
  readonly warmupRows: number;
  readonly warmupBars: number;
}

/** The sentence that names gaps as the cause where they are; '' where the bars are whole or lose little by them. */
function breakCause({ segments, warmupRows, warmupBars }: BreakLoss, config: DatasetConfig): string {
  const lost = warmupRows - warmupBars;
  if (segments < 2 || lost * 2 < warmupBars) return '';
  const gaps = segments === 2 ? 'One gap' : `${segments - 1} gaps`;
  const { policy, max_fill } = config.data.gaps;
  const fill = policy === 'fill' ? `a data.gaps.max_fill above ${max_fill}` : 'data.gaps.policy: fill (short gaps)';
  return (
    `${gaps} in the bars made features start afresh, which took ${lost} rows more than the first ${warmupBars}: ` +
    `${fill} or data.gaps.policy: ignore keeps them. Else: `
  );
}

/** Features are there, but no window and label together. */
export function noSamples(close: Float64Array, found: SampleRows, config: DatasetConfig, loss: BreakLoss): AppError {
  if (isConstant(close)) {
    const message = `No sample is left: the close is ${close[0]} in all ${close.length} bars, so that no price moves. Check which column data.columns.close is, and the file.`;
    return refusal('data_empty', 'data.source', message);
  }
  const message =
    `No sample is left of ${close.length} bars: ${found.warmupRows} lost to the warm-up of features, ${found.unlabelledRows} ` +
    `without a label ${config.targets.horizon} bars ahead, ${found.brokenWindows} without ${config.model.lookback} ` +
    `unbroken bars behind them. ${breakCause(loss, config)}Lower model.lookback or targets.horizon, shorten the features, or use more data.`;
  return refusal('split_too_small', 'model.lookback', message);
}

/**
 * Refuses a split whose share of the bars is shorter than lookback + horizon (SAMPLES.md#split), or that keeps fewer
 * samples than the horizon or ten.
 */
export function checkSplits(
  bars: number,
  counts: Readonly<Record<SplitName, number>>,
  config: DatasetConfig,
  loss: BreakLoss,
): void {
  const cause = breakCause(loss, config);
  const { split } = config.data;
  const { lookback } = config.model;
  const { horizon } = config.targets;
  const total = split.train + split.validation + split.test;
  for (const name of splitNames) {
    const span = Math.floor((bars * split[name]) / total);
    const least = Math.max(LEAST, horizon);
    if (span >= lookback + horizon && counts[name] >= least) continue;
    const lack =
      span < lookback + horizon
        ? `its ${span} of ${bars} bars are fewer than lookback + horizon = ${lookback} + ${horizon}`
        : `it keeps ${counts[name]} samples after warm-up, windows and purge; at least ${least} are needed`;
    const message = `The ${name} split is too small: ${lack}. ${cause}Enlarge data.split.${name}, lower model.lookback (${lookback}) or targets.horizon (${horizon}), or use more data.`;
    throw refusal('split_too_small', `data.split.${name}`, message);
  }
}
