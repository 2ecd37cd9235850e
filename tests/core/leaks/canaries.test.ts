import { describe, expect, test } from 'vitest';
import { timeLabel } from '#core/time/time-label.ts';
import type { Bars } from '#core/bars/bars.ts';
import { resampleBars } from '#core/bars/resample.ts';
import { ema } from '#core/features/smoothers.ts';
import { findLeaks, quick } from '#core/leaks/find-leaks.ts';
import type { LeakFinding } from '#core/leaks/leak-report.ts';
import { type Pipeline, runPipeline } from '#core/leaks/pipeline.ts';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { gappyMarket, HOUR, withExtra } from '#tests/core/features/bars.ts';
import { type Mistake, plantedPipeline } from './planted-pipeline.ts';

const rows = 3000;
const bars = withExtra(gappyMarket(rows, [900, 901, 1900]));
const config = configOf({ features: smallFeatures });

/** What is found at the start of a run that makes the mistake. */
function found(mistake: Mistake, settings = config, market = bars): readonly LeakFinding[] {
  const pipeline = plantedPipeline(settings, mistake);
  return findLeaks({ bars: market, config: settings, pipeline, effort: quick }).findings;
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

const changes = (close: Float64Array) => close.map((value, i) => (i === 0 ? NaN : Math.log(value / close[i - 1])));

/** A column by the price of each row and the row itself. */
type Column = (bars: Bars) => Float64Array;

/** The mistake of an hour that is taken as known from the moment it opens, with a leading join of whole bars. */
const byOpenLabel: Column = (base) => {
  const higher = resampleBars(base, 4 * HOUR);
  let j = -1;
  return base.close.map((close, i) => {
    while (j + 1 < higher.time.length && higher.time[j + 1] <= base.time[i]) j++;
    return j < 0 ? NaN : Math.log(higher.close[j] / close);
  });
};

/** As pandas' resample('4h').last() joined to its own rows: each row gets the last price of its bucket. */
const leftLabelled: Column = ({ time, close }) => {
  const last = new Map<number, number>();
  close.forEach((value, i) => last.set(Math.floor(time[i] / (4 * HOUR)), value));
  return close.map((value, i) => Math.log((last.get(Math.floor(time[i] / (4 * HOUR))) ?? NaN) / value));
};

const centred: Column = ({ close }) =>
  close.map((value, i) => (i < 10 || i > close.length - 11 ? NaN : mean(close.subarray(i - 10, i + 11)) / value));

/** A rate that is stated now and then, filled from the next time it is. */
const backwardFill: Column = ({ extra }) => {
  const out = extra['rate'].slice();
  for (let i = out.length - 2; i >= 0; i--) if (Number.isNaN(out[i])) out[i] = out[i + 1];
  return out;
};

/** A warm-up that is filled with the first value after it. */
const filledWarmup: Column = ({ close }) =>
  close.map((value, i) => (i < 50 ? (close[50] ?? NaN) : close[i - 50]) / value);

/** Missing values on the line between the two beside them. */
const interpolated: Column = ({ extra }) => {
  const out = extra['interest'].slice();
  for (let i = 1; i < out.length - 1; i++) if (Number.isNaN(out[i])) out[i] = (out[i - 1] + out[i + 1]) / 2;
  return out;
};

const globalQuantile: Column = ({ close }) => {
  const moves = changes(close);
  const sorted = moves.filter((value) => !Number.isNaN(value)).sort();
  const threshold = sorted[Math.floor(0.9 * sorted.length)];
  return moves.map((value) => value - threshold);
};

const globalMean: Column = ({ volume }) => {
  const level = mean(volume);
  const deviation = Math.sqrt(mean(volume.map((value) => (value - level) ** 2)));
  return volume.map((value) => (value - level) / deviation);
};

const minMax: Column = ({ close }) => {
  const [low, high] = [close.reduce((a, b) => Math.min(a, b)), close.reduce((a, b) => Math.max(a, b))];
  return close.map((value) => (value - low) / (high - low));
};

/** As scipy's filtfilt: forwards, then backwards over what came of it, so that it has no lag. */
const zeroPhase: Column = ({ close }) => ema(ema(close, 5).fill(close[0], 0, 4).reverse(), 5).reverse();

/** As pandas' groupby(day).transform('mean'). */
const dayMean: Column = ({ time, close }) => {
  const days = Map.groupBy(close.keys(), (i) => Math.floor(time[i] / (24 * HOUR)));
  return close.map((value, i) => {
    const day = days.get(Math.floor(time[i] / (24 * HOUR))) ?? [];
    return day.reduce((sum, k) => sum + close[k], 0) / day.length / value;
  });
};

/** 1 on the highest bar of the eleven around it: a peak that is known five bars later. */
const peaks: Column = ({ high }) =>
  high.map((value, i) => +(value === Math.max(...high.subarray(Math.max(0, i - 5), i + 6))));

const ahead =
  (k: number): Column =>
  ({ close }) =>
    close.map((_, i) => Math.log(close[i + k] / close[i]));

describe('a feature that sees the future is named, with how far it sees (SAMPLES.md#leaks)', () => {
  test.each<[string, Column, number | null]>([
    ['shift(−1)', ahead(1), 1],
    ['shift(−7)', ahead(7), 7],
    ['a higher timeframe joined by its open label', byOpenLabel, 3],
    ['a left-labelled resample', leftLabelled, 3],
    ['a centred window', centred, 10],
    ['a backward fill', backwardFill, 7],
    ['a warm-up filled backward', filledWarmup, 50],
    ['an interpolation', interpolated, 1],
    ['a global quantile', globalQuantile, null],
    ['a z-score with the global mean', globalMean, null],
    ['a min-max scale', minMax, null],
    ['a filter run backwards as well', zeroPhase, 60],
    ['the mean of the whole day', dayMean, 23],
    ['a peak before it is confirmed', peaks, 5],
  ])('%s', (_, column, most) => {
    const findings = found({ feature: { name: '1h.planted', column } });
    expect(findings.map(({ kind, name }) => [kind, name])).toContainEqual(['feature', '1h.planted']);
    // The honest columns beside it are not blamed.
    expect([...new Set(findings.map(({ name }) => name))]).toEqual(['1h.planted']);
    const [finding] = findings;
    expect(finding.message).toMatch(
      /^1h\.planted at \d{4}-\d\d-\d\d \d\d:\d\d changes when later bars change: it reads /,
    );
    if (most === null) expect(finding.ahead).toBeNull();
    else {
      expect(finding.ahead).toBeGreaterThan(0);
      expect(finding.ahead).toBeLessThanOrEqual(most);
    }
  });

  test('and one that sees only the past is not', () => {
    const behind: Column = ({ close }) => close.map((value, i) => Math.log(value / close[i - 7]));
    expect(found({ feature: { name: '1h.planted', column: behind } })).toEqual([]);
  });
});

const HORIZON = 12;

/** Forward returns `h` bars ahead, over breaks where `isBroken` is not asked. */
const returns =
  (h: number, isBroken = true): Column =>
  ({ close, segment }) =>
    close.map((value, i) => (isBroken && segment[i] !== segment[i + h] ? NaN : Math.log(close[i + h] / value)));

describe('a label that reads what it should not', () => {
  const only = configOf({ features: smallFeatures, targets: { horizon: HORIZON, tasks: { ret: { kind: 'return' } } } });

  test('the honest one is not blamed', () => {
    expect(found({ label: returns(HORIZON) }, only)).toEqual([]);
  });

  test('another horizon, twice the one that the purge knows', () => {
    const findings = found({ label: returns(2 * HORIZON) }, only);
    const first = findings.find(({ kind }) => kind === 'label');
    expect(first).toMatchObject({ name: 'ret', ahead: HORIZON });
    expect(first?.message).toMatch(
      /^the label of ret at .+ changes when bars after its horizon of 12 change: it reads 12 bars ahead beyond it \(in /,
    );
    // The last train labels then lie in the validation split.
    expect(findings.map(({ kind, name }) => [kind, name])).toContainEqual(['standard', 'ret']);
  });

  test('the bar that comes after a gap', () => {
    const [first] = found({ label: returns(HORIZON, false) }, only);
    expect(first).toMatchObject({ kind: 'label', name: 'ret' });
    expect(first.ahead).toBeLessThanOrEqual(HORIZON);
  });

  test('the past', () => {
    const past: Column = ({ close }) => close.map((value, i) => Math.log(value / close[i - HORIZON]));
    const [first] = found({ label: past }, only);
    expect(first.message).toMatch(
      /^the label of ret at .+ is known at the bar's own close: it reads no later bar \(in /,
    );
  });

  test('its deviation from the mean of all labels', () => {
    const centred: Column = (some) => {
      const own = returns(HORIZON)(some);
      const level = mean(own.filter((value) => !Number.isNaN(value)));
      return own.map((value) => value - level);
    };
    const findings = found({ label: centred }, only);
    expect(findings[0]).toMatchObject({ kind: 'label', name: 'ret', ahead: null });
  });

  test('labels across the boundary, without a purge', () => {
    const loose = configOf({ features: smallFeatures, data: { split: { purge: 0 } } });
    const findings = found({}, loose);
    const purges = findings.filter(({ kind }) => kind === 'purge');
    expect(purges.map(({ name, rows: count }) => [name, count])).toEqual([
      ['train', HORIZON],
      ['validation', HORIZON],
    ]);
    expect(purges[0].message).toMatch(
      /^12 train labels reach into the validation split, the first of .+: data.split.purge is less than the horizon$/,
    );
  });
});

describe('what is fitted on more than the train rows', () => {
  test.each(['standard', 'robust'] as const)(
    'a %s scaler on all rows, and a standardisation on all labels',
    (scaler) => {
      const settings = configOf({ features: { ...smallFeatures, scaler } });
      const findings = found({ fittedOn: 'all' }, settings);
      expect(findings.map(({ kind, name }) => [kind, name])).toEqual([
        ['scaler', '1h.log_return_1'],
        ['standard', 'ret'],
      ]);
      expect(findings[0].message).toMatch(
        /^the scaler reads rows after the train split: its center or scale of \d+ of 9 columns/,
      );
      expect(findings[1].message).toMatch(/^the standardisation of ret reads labels after the train split/);
    },
  );

  test('the honest pipeline is not blamed', () => {
    expect(found({})).toEqual([]);
  });
});

describe('samples that are not in time', () => {
  test('shuffled before they were split', () => {
    const findings = found({
      samples: ({ train, validation, test }) => ({
        train: Int32Array.from([...train.filter((row) => row % 7 > 0), ...validation.filter((row) => row % 7 > 0)]),
        validation: Int32Array.from([
          ...train.filter((row) => row % 7 === 0),
          ...validation.filter((row) => row % 7 === 0),
        ]),
        test,
      }),
    });
    expect(findings.map(({ kind, name }) => [kind, name])).toContainEqual(['split', 'train']);
    expect(findings.find(({ kind }) => kind === 'split')?.message).toMatch(
      /^a train row at .+ is no earlier than the first validation row: samples are not in time$/,
    );
  });

  test('split where a share of the rising bars has passed', () => {
    const findings = found({
      samples: ({ train, validation, test }, { open, close }) => {
        const rising = [...close.keys()].filter((i) => close[i] > open[i]);
        const end = rising[Math.floor(0.7 * rising.length)];
        const all = [...train, ...validation];
        return {
          train: Int32Array.from(all.filter((row) => row + HORIZON < end)),
          validation: Int32Array.from(all.filter((row) => row >= end)),
          test,
        };
      },
    });
    expect(findings.map(({ kind, message }) => [kind, message])).toEqual([
      ['train', 'the rows of the train split change when bars after the last train label change'],
    ]);
  });

  test('one bar twice, on either side of the boundary', () => {
    const { samples } = plantedPipeline(config, {}).dataset(bars);
    const last = samples.validation[0];
    const findings = found({ samples: (own) => ({ ...own, train: Int32Array.from([...own.train, last]) }) });
    expect(findings.find(({ kind }) => kind === 'split')).toMatchObject({ name: 'train', time: bars.time[last] });
    expect(findings.find(({ kind }) => kind === 'split')?.message).toContain(timeLabel(bars.time[last]));
  });
});

test('a data set that is not made of the features looked at', () => {
  const honest = plantedPipeline(config, {});
  const dataset = honest.dataset(bars);
  const width = dataset.names.length;
  // Each row gets the features of the next: a shift where they are gathered.
  const shifted = { ...dataset, features: dataset.features.map((_, k) => dataset.features[k + width] ?? 0) };
  const pipeline = { ...honest, dataset: () => shifted };
  const { findings } = findLeaks({ bars, config, pipeline, effort: quick });
  expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['input']));
  expect(findings.map(({ name }) => name)).toEqual(dataset.names);
});

describe('at the start of a run of a long file', () => {
  const long = gappyMarket(24_000, [9000]);

  test.each<[string, Mistake, string, string]>([
    ['shift(−1)', { feature: { name: '1h.planted', column: ahead(1) } }, 'feature', '1h.planted'],
    ['a centred window', { feature: { name: '1h.planted', column: centred } }, 'feature', '1h.planted'],
    ['a higher timeframe', { feature: { name: '1h.planted', column: byOpenLabel } }, 'feature', '1h.planted'],
    ['a global quantile', { feature: { name: '1h.planted', column: globalQuantile } }, 'feature', '1h.planted'],
    ['a label of twice the horizon', { label: returns(2 * HORIZON) }, 'label', 'ret'],
    ['a scaler on all rows', { fittedOn: 'all' }, 'scaler', '1h.log_return_1'],
    ['a standardisation on all labels', { fittedOn: 'all' }, 'standard', 'ret'],
  ])('%s is named', (_, mistake, kind, name) => {
    expect(found(mistake, config, long).map((finding) => [finding.kind, finding.name])).toContainEqual([kind, name]);
  });

  test('twice as many bars make no more work', () => {
    const honest = runPipeline(config);
    const work = (market: Bars) => {
      let computed = 0;
      const count = (some: Bars) => (computed += some.close.length);
      const pipeline: Pipeline = {
        features: (some) => (count(some), honest.features(some)),
        labels: (some) => honest.labels(some),
        dataset: (some, boundaries) => (count(some), honest.dataset(some, boundaries)),
      };
      const given = { matrix: honest.features(market), dataset: honest.dataset(market) };
      expect(findLeaks({ bars: market, config, pipeline, ...given, effort: quick }).findings).toEqual([]);
      return computed;
    };
    const [some, more] = [work(gappyMarket(24_000, [])), work(gappyMarket(48_000, []))];
    expect(more).toBeLessThan(1.1 * some);
    expect(some).toBeLessThan(30_000);
  });
});
