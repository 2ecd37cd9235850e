import { describe, expect, test } from 'vitest';
import { featuresSchema, type FeaturesConfig } from '#core/config/features.ts';
import { AppError } from '#core/error.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import { gappyMarket, HOUR } from './bars.ts';
import { everyIndicator } from './every-indicator.ts';

const bars = gappyMarket(1200);
const parse = (raw: unknown) => featuresSchema.parse(raw) as FeaturesConfig;

function refusal(features: FeaturesConfig): AppError {
  try {
    computeFeatures(bars, features);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('auto is the step of the data and four times it, with the default indicators', () => {
  const matrix = computeFeatures(bars, parse({}));
  expect(matrix.timeframes).toEqual(['1h', '4h']);
  const own = [
    'log_return_1',
    'rsi_14',
    'macd_12_26_9',
    'macd_signal_12_26_9',
    'macd_hist_12_26_9',
    'atr_14',
    'volume_z_50',
  ];
  expect(matrix.names).toEqual([
    ...own.map((name) => `1h.${name}`),
    ...own.map((name) => `4h.${name}`),
    'calendar.time_of_day_sin',
    'calendar.time_of_day_cos',
    'calendar.day_of_week_sin',
    'calendar.day_of_week_cos',
  ]);
  expect(matrix.columns.every((column) => column.length === 1200)).toBe(true);
});

test('the first complete row is the longest warm-up when the file begins with a whole bucket', () => {
  const matrix = computeFeatures(bars, parse({}));
  const complete = Array.from({ length: 1200 }, (_, i) => matrix.columns.every((column) => !Number.isNaN(column[i])));
  expect(complete.indexOf(true)).toBe(matrix.warmup);
  expect(complete.lastIndexOf(false)).toBe(matrix.warmup - 1);
});

test('a higher bar is used from the row that closes with it, until the next closes', () => {
  const matrix = computeFeatures(bars, parse({ timeframes: { '4h': { log_return: {} } }, calendar: null }));
  const [values] = matrix.columns;
  const { close } = bars;
  // Rows 4…7 are the second four hours; they are known at the close of row 7.
  const change = Math.log(close[7] / close[3]);
  expect(Array.from(values.subarray(0, 7)).every(Number.isNaN)).toBe(true);
  for (const i of [7, 8, 9, 10]) expect(values[i]).toBeCloseTo(change, 14);
  expect(values[11]).toBeCloseTo(Math.log(close[11] / close[7]), 14);
});

test('the order of keys changes nothing', () => {
  const one = computeFeatures(bars, parse({ timeframes: { '4h': { rsi: {}, atr: {} }, '1h': { macd: {} } } }));
  const two = computeFeatures(bars, parse({ timeframes: { '1h': { macd: {} }, '4h': { atr: {}, rsi: {} } } }));
  expect(two.names).toEqual(one.names);
  expect(two.columns).toEqual(one.columns);
});

test('a timeframe that is not enabled gives no columns', () => {
  const timeframes = { '1h': { rsi: {} }, '4h': { enabled: false, rsi: {} } };
  expect(computeFeatures(bars, parse({ timeframes, calendar: null })).names).toEqual(['1h.rsi_14']);
});

test('another name of a length is shown by its usual one', () => {
  expect(computeFeatures(bars, parse({ timeframes: { '120m': { rsi: {} } }, calendar: null })).names).toEqual([
    '2h.rsi_14',
  ]);
});

test('volume features are left out with a note where there is no volume', () => {
  const silent = { ...bars, volume: new Float64Array(bars.time.length) };
  const matrix = computeFeatures(silent, parse({}));
  expect(matrix.names.some((name) => name.includes('volume'))).toBe(false);
  expect(matrix.notes).toEqual([
    '1h.volume_z left out: all volumes of the data are zero',
    '4h.volume_z left out: all volumes of the data are zero',
  ]);
});

describe('what cannot be computed is refused at its path', () => {
  test.each([
    ['30m', 'below the step'],
    ['90m', 'not a multiple'],
  ])('%s, %s', (key) => {
    const error = refusal(parse({ timeframes: { '1h': { rsi: {} }, [key]: { rsi: {} } } }));
    expect(error.code).toBe('invalid_config');
    expect(error.issues).toEqual([
      { path: `features.timeframes.${key}`, message: expect.stringContaining('1h') as string },
    ]);
    expect(error.message).toContain(key);
  });

  test('one length under two names', () => {
    const error = refusal(parse({ timeframes: { '1h': { rsi: {} }, '60m': { rsi: {} } } }));
    expect(error.issues[0].path).toBe('features.timeframes.60m');
  });

  test('an indicator or parameter that the schema never saw', () => {
    const unknown = {
      scaler: 'standard',
      columns: {},
      calendar: null,
      timeframes: { '1h': { rsj: {}, rsi: { period: 1 } } },
    } as const;
    expect(refusal(unknown).issues.map((issue) => issue.path)).toEqual([
      'features.timeframes.1h.rsj',
      'features.timeframes.1h.rsi.period',
    ]);
  });

  test('no feature at all', () => {
    const error = refusal(parse({ timeframes: { '1h': { enabled: false, rsi: {} } }, calendar: null }));
    expect(error.issues[0].path).toBe('features.timeframes');
  });

  test('a time zone that does not exist', () => {
    try {
      computeFeatures(bars, parse({}), { timezone: 'Mars/Olympus' });
      throw new Error('nothing was refused');
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).issues[0].path).toBe('data.timezone');
    }
  });
});

test('the bars that came in are left as they were', () => {
  const before = structuredClone(bars);
  computeFeatures(bars, everyIndicator(['1h', '4h']));
  expect(bars).toEqual(before);
  expect(bars.step).toBe(HOUR);
});
