import { countWords } from '#core/count-words.ts';
import { type Bars, closingTimes } from '#core/bars/bars.ts';
import { type Boundaries, findBoundaries } from '#core/bars/boundaries.ts';
import { type FeatureMatrix, computeFeatures, segmentRanges } from '#core/features/matrix.ts';
import { applyScaler, fitScaler } from '#core/features/scaler.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import { targets } from '#core/targets/registry.ts';
import type { Target } from '#core/targets/target.ts';
import { splitChronologically } from './chronological.ts';
import { type Dataset, type DatasetConfig, type DatasetReport, type SplitName } from './dataset.ts';
import { type BreakLoss, checkLabels, checkSplits, noBars, noSamples, nothingMoves, warmupTooLong } from './refusal.ts';
import { balanceOf, fitTask, measureOutcomes, type Outcomes, rawTasks } from './task.ts';
import { coveredRows, findSamples } from './windows.ts';

/**
 * Bars and configuration to what a model is trained on: features, labels, samples of each split, and a scaler fitted
 * on the rows of train windows only. Pure; the same input gives the same dataset, bit for bit.
 *
 * @param boundaries where splits begin; found in `bars` unless they are only the newest of the source
 * @param matrix the features, where they have been computed already
 *
 * Throws AppError data_empty (no bars), warmup_too_long (no row has all features), split_too_small, or invalid_config.
 *
 * @example
 * const dataset = assembleDataset(sampleMarket({ bars: 5000 }), defaultConfig());
 * dataset.samples.train.length; // rows that end a window of the train split
 * dataset.report.purged; // 24: the horizon, before each of two boundaries
 */
export function assembleDataset(
  bars: Bars,
  config: DatasetConfig,
  boundaries: Boundaries = findBoundaries(bars, config.data),
  matrix: FeatureMatrix = computeFeatures(bars, config.features, { timezone: config.data.timezone }),
): Dataset {
  const rows = bars.time.length;
  if (rows === 0) throw noBars(config.data.source);
  const { lookback } = config.model;
  const { horizon } = config.targets;

  const ranges = segmentRanges(bars.segment);
  const complete = rowsWithAll(matrix.columns, rows);
  if (!complete.includes(1)) {
    const longest = Math.max(...ranges.map(([from, to]) => to - from));
    throw warmupTooLong(matrix, longest, ranges.length, bars.step);
  }
  const outcomes = measureOutcomes(bars, config.targets);
  const raw = rawTasks(outcomes, config.targets);
  const known = rowsWithAll([...outcomes.values()], rows);
  const found = findSamples(bars.segment, complete, known, lookback);
  const loss: BreakLoss = {
    segments: ranges.length,
    warmupRows: found.warmupRows,
    warmupBars: matrix.warmup,
  };
  if (found.rows.length === 0) throw noSamples(bars.close, found, config, loss);
  const cut = (some: Int32Array) => splitChronologically(some, bars.time, boundaries, config.data.split, horizon);
  const split = cut(found.rows);
  const { samples, purged, embargoed, afterUntil } = split;
  checkSplits({ split, boundaries, complete, known, rows: found.rows, time: bars.time }, config, loss);
  checkLabels(raw, samples, bars.close, config);
  const { validation, test } = cut(indicesWhere(rows, (row) => known[row] === 1)).samples;

  const columns = matrix.names.map((name, c) => ({ name, values: matrix.columns[c] }));
  const fitted = fitScaler(config.features.scaler, columns, coveredRows(samples.train, lookback, rows));
  if (fitted.scaler.names.length === 0) throw nothingMoves(matrix.names, bars.close);
  const tasks = raw.map((task) => fitTask(task, samples.train));
  const decision = closingTimes(bars);
  const counts = bySplit((name) => samples[name].length);
  const report: DatasetReport = {
    baseStep: bars.step,
    timeframes: matrix.timeframes,
    bars: rows,
    warmupRows: found.warmupRows,
    warmupBars: matrix.warmup,
    unlabelledRows: found.unlabelledRows,
    brokenWindows: found.brokenWindows,
    purged,
    embargoed,
    afterUntil,
    samples: counts,
    splitAt: boundaries,
    boundaries: bySplit((name) => {
      const part = samples[name];
      return [decision[part[0]], decision[part[part.length - 1]]] as const;
    }),
    balance: balanceOf(tasks, samples),
    notes: [
      ...matrix.notes,
      ...fitted.constant.map((name) => `${name} left out: constant on the train rows`),
      ...fitted.notes,
      ...remarks(rows, config, loss, outcomes),
      ...(afterUntil > 0 ? [`${countWords(afterUntil, 'row')} from data.split.until on are in no split`] : []),
    ],
  };
  return {
    names: fitted.scaler.names,
    rows,
    features: applyScaler(fitted.scaler, columns, rows),
    time: bars.time,
    decision,
    close: bars.close,
    lookback,
    horizon,
    tasks,
    samples,
    eligible: { validation, test },
    outcomes: [...outcomes.values()],
    scaler: fitted.scaler,
    report,
  };
}

/** 1 where no column is NaN. */
function rowsWithAll(columns: readonly Float64Array[], rows: number): Uint8Array {
  const out = new Uint8Array(rows).fill(1);
  for (const column of columns) {
    for (let i = 0; i < rows; i++) if (Number.isNaN(column[i])) out[i] = 0;
  }
  return out;
}

function bySplit<Value>(value: (name: SplitName) => Value): Record<SplitName, Value> {
  return { train: value('train'), validation: value('validation'), test: value('test') };
}

function remarks(
  rows: number,
  config: DatasetConfig,
  { segments, warmupRows, warmupBars }: BreakLoss,
  outcomes: Outcomes,
): string[] {
  const { horizon } = config.targets;
  const kinds = new Set(Object.values(config.targets.tasks).map(({ kind }) => kind));
  const used: readonly Target[] = targets.filter(({ kind }) => kinds.has(kind));
  const notes = used.flatMap(({ outcome, remarks }) => remarks?.(outcomes.get(outcome)!) ?? []);
  if (segments > 1 && warmupRows > 0.1 * rows) {
    notes.push(
      `${((100 * warmupRows) / rows).toFixed(1)} % of the rows are warm-up: features start afresh after ${segments === 2 ? 'the gap' : `each of ${segments - 1} gaps`} and ` +
        `need ${countWords(warmupBars, 'bar')}; shorter periods or fewer timeframes keep more, and data.gaps.policy=ignore does not start afresh`,
    );
  }
  const { purge } = config.data.split;
  if (purge !== 'auto' && purge < horizon) {
    notes.push(
      `data.split.purge ${purge} is less than the horizon ${horizon}: labels before a boundary reach across it (leak)`,
    );
  }
  return notes;
}
