import { describe, expect, test } from 'vitest';
import type { Dataset, Task } from '#core/dataset/dataset.ts';
import { scoreBaselines } from '#core/metrics/baselines.ts';
import { laggedReturns } from '#core/metrics/lagged-returns.ts';
import { takeScored } from '#core/metrics/scored-rows.ts';
import { seasonalReturn } from '#core/metrics/seasonal.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { day, hour, week } from '#core/time/timeframe.ts';

const rise = (from: number, to: number) => Math.log(to / from);

describe('the seasonal forecast', () => {
  const bars = (step: number, count: number, closed: (time: number) => boolean = () => false) => {
    const time = Float64Array.from({ length: count }, (_, i) => i * step).filter((at) => !closed(at));
    return { time, close: time.map((at) => 100 + ((at / step) % 7) + at / step / 50), report: { baseStep: step } };
  };
  const open = (one: ReturnType<typeof bars>, horizon: number) =>
    seasonalReturn({ ...one, horizon } as unknown as Dataset);

  test('is the return that followed the same bar a day before', () => {
    const hourly = bars(hour, 100);
    expect(open(hourly, 3)(60)).toBe(rise(hourly.close[36], hourly.close[39]));
  });

  test('goes back over a weekend, and as many days as the label is long', () => {
    const market = bars(hour, 24 * 14, (at) => Math.floor(at / day) % 7 >= 5);
    const monday = market.time.indexOf(7 * day + 10 * hour);
    const friday = market.time.indexOf(4 * day + 10 * hour);
    expect(open(market, 3)(monday)).toBe(rise(market.close[friday], market.close[friday + 3]));
    const hourly = bars(hour, 200);
    expect(open(hourly, 30)(120)).toBe(rise(hourly.close[72], hourly.close[102]));
  });

  test('is a week where bars are days, and nothing of the future, of no past or of weeks', () => {
    const daily = bars(day, 60);
    expect(open(daily, 2)(30)).toBe(rise(daily.close[23], daily.close[25]));
    expect(open(daily, 10)(30)).toBe(rise(daily.close[16], daily.close[26]));
    expect([open(daily, 2)(5), open(bars(week, 60), 2)(30)]).toEqual([0, 0]);
  });
});

test('lagged returns are newest first, and 0 where there are no bars', () => {
  const close = Float64Array.of(1, 2, 3, 5);
  expect(Array.from(laggedReturns(close, Int32Array.of(3, 1), 3))).toEqual([
    rise(3, 5),
    rise(2, 3),
    rise(1, 2),
    rise(1, 2),
    0,
    0,
  ]);
});

test('ridge finds what an autoregression repeats, of train rows alone', () => {
  const random = seededRandom(6);
  const rows = 4000;
  const close = new Float64Array(rows);
  let last = 0;
  let level = 0;
  for (let i = 0; i < rows; i++) {
    last = 0.5 * last + 0.01 * (random() + random() - 1);
    level += last;
    close[i] = Math.exp(level);
  }
  const raw = close.map((price, i) => (i + 1 < rows ? rise(price, close[i + 1]) : NaN));
  const some = (from: number, until: number) => Int32Array.from({ length: until - from }, (_, i) => from + i);
  const samples = { train: some(30, 2000), validation: some(2000, 3000), test: some(3000, rows - 1) };
  const task: Task = { name: 'ret', kind: 'return', raw, labels: new Float32Array(0), mean: 0, sd: 1 };
  const dataset = {
    close,
    time: some(0, rows),
    horizon: 1,
    samples,
    tasks: [task],
    report: { baseStep: week },
  } as unknown as Dataset;
  const score = (one: Task) => {
    const { rows: scored } = takeScored(one, samples.validation, new Float64Array(samples.validation.length));
    return scoreBaselines(one, dataset, scored).ridge.scores;
  };
  // An AR(1) of 0.5 has an R² of 0.25; noise in 1,000 rows and the penalty take some of it.
  expect(score(task).r2).toBeGreaterThan(0.2);
  expect(score(task).ic).toBeGreaterThan(0.45);
  // Labels outside train do not move it.
  const blind = raw.map((label, row) => (row >= 2000 ? -label : label));
  expect(score({ ...task, raw: blind }).ic).toBeCloseTo(-score(task).ic, 12);
  const direction = score({ ...task, name: 'dir', kind: 'direction', raw: raw.map((y) => (y === 0 ? NaN : +(y > 0))) });
  expect(direction.da).toBeGreaterThan(0.6);
  expect(direction.brier).toBeLessThan(0.25);
  expect(direction.log_loss).toBeLessThan(Math.LN2);
});
