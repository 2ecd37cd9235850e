import { alignBars } from '#core/bars/align.ts';
import { type Bars, closingTimes, sliceBars } from '#core/bars/bars.ts';
import { resampleBars } from '#core/bars/resample.ts';
import type { FeaturesConfig } from '#core/config/features.ts';
import { AppError } from '#core/error.ts';
import { calendarFeatures } from './calendar.ts';
import { columnFeatures } from './column-features.ts';
import { type Chosen, type ChosenTimeframe, requireTimeframes } from './timeframes.ts';

/** Unscaled features on the rows of the base bars. */
export interface FeatureMatrix {
  /** E.g. `1h.rsi_14` or `calendar.time_of_day_sin`. */
  readonly names: readonly string[];
  /** One column a name, as long as the bars; NaN where a value is missing or not settled yet. */
  readonly columns: readonly Float64Array[];
  /** Base bars from the start of a segment until each column is settled, and the longest of them. */
  readonly warmups: readonly number[];
  readonly warmup: number;
  /** Names of the timeframes used, shortest first. */
  readonly timeframes: readonly string[];
  /** What was left out and why. */
  readonly notes: readonly string[];
}

/**
 * Computes every feature of the configuration. A row depends on bars that have closed by the row's own close, and on
 * its own segment only: recursive filters start afresh after a break, higher timeframes join by their closing time.
 * `timezone` (IANA, default UTC) is that of the calendar features. Throws invalid_config, with paths.
 *
 * @example
 * const { names, columns } = computeFeatures(sampleMarket({ bars: 500 }), defaultConfig().features);
 * names[0]; // '1h.log_return_1'
 * columns[0][0]; // NaN: there is no close before
 */
export function computeFeatures(
  bars: Bars,
  features: FeaturesConfig,
  { timezone = 'UTC' }: { readonly timezone?: string } = {},
): FeatureMatrix {
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const warmups: number[] = [];
  const notes: string[] = [];
  const timeframes = requireTimeframes(features.timeframes, bars.step);
  const hasVolume = bars.volume.some((volume) => volume > 0);

  for (const timeframe of timeframes) {
    const ratio = timeframe.step / bars.step;
    const { usable, silent } = splitByVolume(timeframe, hasVolume);
    for (const { indicator } of silent) {
      notes.push(`${timeframe.name}.${indicator.name} left out: all volumes of the data are zero`);
    }
    const own = ratio === 1 ? bars : resampleBars(bars, timeframe.step);
    const join = ratio === 1 ? null : alignBars(bars, own);
    const segments = segmentRanges(own.segment);
    for (const one of usable) {
      const { indicator, params } = one;
      const warmup = indicator.warmup(params);
      const values = settledValues(own, segments, one);
      indicator.columns(params).forEach((title, c) => {
        names.push(`${timeframe.name}.${title}`);
        columns.push(join ? joined(values[c], join) : values[c]);
        warmups.push(warmup * ratio + ratio - 1);
      });
    }
  }
  const further = columnFeatures(bars, features.columns, segmentRanges(bars.segment));
  names.push(...further.names);
  columns.push(...further.columns);
  warmups.push(...further.warmups);
  notes.push(...further.notes);
  if (features.calendar) {
    const calendar = calendarFeatures(closingTimes(bars), features.calendar, timezone);
    names.push(...calendar.names);
    columns.push(...calendar.columns);
    warmups.push(...calendar.names.map(() => 0));
  }
  if (names.length === 0) throw noFeature(notes);
  return {
    names,
    columns,
    warmups,
    warmup: Math.max(...warmups),
    timeframes: timeframes.map((timeframe) => timeframe.name),
    notes,
  };
}

/** The columns of one indicator on its own bars, each segment by itself, NaN until its warm-up is over. */
function settledValues(
  bars: Bars,
  segments: readonly (readonly [number, number])[],
  { indicator, params }: Chosen,
): readonly Float64Array[] {
  const warmup = indicator.warmup(params);
  const rows = bars.time.length;
  if (segments.length === 1 && rows > warmup) {
    const computed = indicator.compute(bars, params);
    for (const column of computed) column.fill(NaN, 0, warmup);
    return computed;
  }
  const values = indicator.columns(params).map(() => new Float64Array(rows).fill(NaN));
  for (const [from, to] of segments) {
    if (to - from <= warmup) continue;
    const computed = indicator.compute(sliceBars(bars, from, to), params);
    computed.forEach((column, c) => values[c].set(column.subarray(warmup), from + warmup));
  }
  return values;
}

/** Ranges [from, to) of equal segment numbers. */
export function segmentRanges(segment: Int32Array): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (let from = 0, i = 1; i <= segment.length; i++) {
    if (i < segment.length && segment[i] === segment[from]) continue;
    ranges.push([from, i]);
    from = i;
  }
  return ranges;
}

function splitByVolume({ chosen }: ChosenTimeframe, hasVolume: boolean) {
  const silent: Chosen[] = hasVolume ? [] : chosen.filter(({ indicator }) => indicator.needsVolume);
  return { silent, usable: chosen.filter((one) => !silent.includes(one)) };
}

/** Higher timeframe values on base rows: row i takes row join[i], NaN where that is −1. */
function joined(values: Float64Array, join: Int32Array): Float64Array {
  const out = new Float64Array(join.length);
  for (let i = 0; i < join.length; i++) out[i] = join[i] < 0 ? NaN : values[join[i]];
  return out;
}

function noFeature(notes: readonly string[]): AppError {
  const message = ['Expected at least one feature, received none.', ...notes, 'Enable a timeframe with an indicator.'];
  return new AppError('invalid_config', message.join(' '), {
    issues: [{ path: 'features.timeframes', message: 'Expected at least one feature, received none.' }],
  });
}
