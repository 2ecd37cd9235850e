import type { Boundaries } from '#core/bars/boundaries.ts';
import { countWords } from '#core/count-words.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { formatTimeframe } from '#core/time/timeframe.ts';
import { AppError } from '#core/error.ts';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import type { Split } from './chronological.ts';
import { type DatasetConfig, splitNames, type SplitName } from './dataset.ts';
import type { RawTask } from './task.ts';
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
export interface BreakLoss {
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

function stillPrices(close: Float64Array): AppError {
  const message = `No sample is left: the close is ${close[0]} in all ${close.length} bars, so that no price moves. Check which column data.columns.close is, and the file.`;
  return refusal('data_empty', 'data.source', message);
}

/** Features are there, but no window and label together. */
export function noSamples(close: Float64Array, found: SampleRows, config: DatasetConfig, loss: BreakLoss): AppError {
  if (isConstant(close)) return stillPrices(close);
  const message =
    `No sample is left of ${close.length} bars: ${found.warmupRows} lost to the warm-up of features, ${found.unlabelledRows} ` +
    `without a label ${config.targets.horizon} bars ahead, ${found.brokenWindows} without ${config.model.lookback} ` +
    `unbroken bars behind them. ${breakCause(loss, config)}Lower model.lookback or targets.horizon, shorten the features, or use more data.`;
  return refusal('split_too_small', 'model.lookback', message);
}

/** What became of the bars, row by row. */
interface JudgedRows {
  readonly split: Split;
  readonly boundaries: Boundaries;
  /** Opening times, ms. */
  readonly time: Float64Array;
  /** 1 where all features are there, and where it is known what comes. */
  readonly complete: Uint8Array;
  readonly known: Uint8Array;
  /** Rows with a full window, before they were split. */
  readonly rows: Int32Array;
}

/**
 * Refuses instants outside of the bars, and a split that keeps fewer samples than the horizon or ten; says what took
 * the others (SAMPLES.md#split).
 */
export function checkSplits(judged: JudgedRows, config: DatasetConfig, loss: BreakLoss): void {
  const { split, time } = judged;
  const { lookback } = config.model;
  const { horizon } = config.targets;
  const keys = boundaryKeys(config);
  checkInside(judged, config);
  const least = Math.max(LEAST, horizon);
  for (const name of splitNames) {
    const count = split.samples[name].length;
    if (count >= least) continue;
    const [from, to] = split.bars[name];
    const bars = to > from ? `its ${countWords(to - from, 'bar')} (${span(time, from, to)})` : 'no bar at all';
    const message =
      `The ${name} split is too small: it keeps ${countWords(count, 'sample')} of ${bars}, and at least ${least} are ` +
      `needed. ${takenFrom(judged, name, config)}${breakCause(loss, config)}${keys.remedy(name)}, lower model.lookback ` +
      `(${lookback}) or targets.horizon (${horizon}), or use more data.`;
    throw refusal('split_too_small', keys.path(name), message);
  }
}

/** The keys that move a split's boundaries: shares, or the instants that are given. */
function boundaryKeys({ data: { split } }: DatasetConfig) {
  if (split.validation_from === null) {
    const path = (name: SplitName) => `data.split.${name}`;
    return { path, remedy: (name: SplitName) => `Enlarge ${path(name)}` };
  }
  const path = (name: SplitName) => (name === 'train' ? 'data.split.validation_from' : 'data.split.test_from');
  return { path, remedy: () => 'Move data.split.validation_from or test_from' };
}

/** An instant beyond the bars leaves a split without any. */
function checkInside({ time, boundaries }: JudgedRows, { data: { split } }: DatasetConfig): void {
  if (split.validation_from === null) return;
  const last = time[time.length - 1];
  for (const [key, ms] of [
    ['validation_from', boundaries.validationFrom],
    ['test_from', boundaries.testFrom],
  ] as const) {
    if (ms > time[0] && ms <= last) continue;
    const message = `Expected data.split.${key} within the bars, which open from ${timeLabel(time[0])} to ${timeLabel(last)} UTC, received ${split[key]}.`;
    throw refusal('split_too_small', `data.split.${key}`, message);
  }
}

/** What took the bars of a split that are no samples; '' where nothing did. */
function takenFrom({ split, complete, known, rows }: JudgedRows, name: SplitName, config: DatasetConfig): string {
  const [from, to] = split.bars[name];
  const inside = rows.filter((row) => row >= from && row < to).length;
  let [warmup, unknown] = [0, 0];
  for (let row = from; row < to; row++) {
    if (complete[row] === 0) warmup++;
    else if (known[row] === 0) unknown++;
  }
  const { horizon } = config.targets;
  const took = [
    [warmup, 'went to the warm-up of features'],
    [unknown, `have no label ${horizon} bars ahead`],
    [to - from - warmup - unknown - inside, `lack ${config.model.lookback} unbroken bars behind them`],
    [inside - split.samples[name].length, 'went to purge and embargo'],
  ] as const;
  const words = took.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return words.length > 0 ? `Of the others ${words.join(', ')}. ` : '';
}

/** Refuses a task that has fewer labels in a split than `checkSplits` asks of samples. */
export function checkLabels(
  tasks: readonly RawTask[],
  samples: Split['samples'],
  close: Float64Array,
  config: DatasetConfig,
): void {
  const least = Math.max(LEAST, config.targets.horizon);
  for (const { name, raw } of tasks) {
    for (const split of splitNames) {
      const count = samples[split].filter((row) => !Number.isNaN(raw[row])).length;
      if (count >= least) continue;
      if (isConstant(close)) throw stillPrices(close);
      const message =
        `The ${split} split has ${countWords(count, 'label')} of ${name} in ${samples[split].length} samples, and at least ` +
        `${least} are needed: the price stays as it is over the horizon in the others. Raise targets.horizon ` +
        `(${config.targets.horizon}), leave the task ${name} out, or use more data.`;
      throw refusal('split_too_small', `targets.tasks.${name}`, message);
    }
  }
}

function span(time: Float64Array, from: number, to: number): string {
  return `${timeLabel(time[from])} to ${timeLabel(time[to - 1])} UTC`;
}
