import type { DataConfig } from '#core/config/data.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { requireInstant, writeInstant } from '#core/time/range.ts';
import { openZone } from '#core/time/zone.ts';
import type { Bars } from './bars.ts';

/** Where splits begin and end: instants that the opening times of bars are compared with, ms UTC. */
export interface Boundaries {
  readonly validationFrom: number;
  readonly testFrom: number;
  /** Bars from here on are in no split; null = there is no such end. */
  readonly until: number | null;
}

/**
 * The boundaries of data.split (SAMPLES.md#split): the instants that it gives, else the opening times of the bars that
 * its shares point to. Bars that the gap policy made up do not count, so that the boundaries depend on the source, its
 * cleaning, data.range and data.split alone.
 * @throws AppError invalid_config (an instant that cannot be read)
 */
export function findBoundaries(
  { time, filled, step }: Pick<Bars, 'time' | 'filled' | 'step'>,
  { split, timezone }: Pick<DataConfig, 'split' | 'timezone'>,
): Boundaries {
  const zone = openZone(timezone);
  const given = (key: 'validation_from' | 'test_from' | 'until') =>
    split[key] === null ? null : requireInstant(`data.split.${key}`, split[key], zone).ms;
  const [validationFrom, testFrom, until] = [given('validation_from'), given('test_from'), given('until')];
  if (validationFrom !== null && testFrom !== null) return { validationFrom, testFrom, until };
  const own = time.filter((ms, row) => filled[row] === 0 && (until === null || ms < until));
  const total = split.train + split.validation + split.test;
  const at = (share: number): number => {
    const row = Math.round((own.length * share) / total);
    return row < own.length ? own[row] : (until ?? time[time.length - 1] + step);
  };
  return { validationFrom: at(split.train), testFrom: at(split.train + split.validation), until };
}

/** How many of the rows at these opening times are before the test, which is sealed. */
export function rowsBeforeTest(time: Float64Array, { testFrom, until }: Boundaries): number {
  return lowerBound(time, Math.min(testFrom, until ?? Infinity));
}

/**
 * The boundaries as data.split writes them, so that they stay where they are when bars come or go.
 *
 * @param end where the bars end, ms UTC; it ends the test unless data.split says so already
 */
export function pinBoundaries(
  { validationFrom, testFrom, until }: Boundaries,
  end: number,
): Readonly<Record<'validation_from' | 'test_from' | 'until', string>> {
  return {
    validation_from: writeInstant(validationFrom),
    test_from: writeInstant(testFrom),
    until: writeInstant(until ?? end),
  };
}
