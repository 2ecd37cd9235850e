import { formatSampleSource, isSampleSource, parseSampleSource } from '#core/bars/sample-market.ts';
import type { Config } from '#core/config/config.ts';
import type { DataConfig } from '#core/config/data.ts';
import type { FeaturesConfig } from '#core/config/features.ts';
import { models } from '#core/models/registry.ts';
import { readsOption } from '#core/owned-options.ts';
import { parseTimeframe } from '#core/time/timeframe.ts';

/** The six cells, and between them `samples`: windows, splits and scaled features, which a network is trained on. */
const steps = ['data', 'features', 'targets', 'samples', 'model', 'loss', 'train'] as const;
export type Step = (typeof steps)[number];

/** The steps whose results each is worked out from, besides its own settings. */
const stepInputs = {
  /** Bars, loaded and cleaned. */
  data: [],
  /** The matrix, unscaled. */
  features: ['data'],
  /** Labels, and where the splits begin. */
  targets: ['data'],
  samples: ['features', 'targets'],
  model: ['features', 'targets'],
  /** Each term at the start, of a network that nothing has trained. */
  loss: ['samples', 'model'],
  train: ['samples', 'model', 'loss'],
} as const satisfies Readonly<Record<Step, readonly Step[]>>;

/**
 * What of a configuration the result of a step depends on besides its inputs, as JSON: equal wherever the meaning is
 * equal, however it was written. What order means nothing is in maps, what order decides in lists, so that the text with
 * sorted keys (canonicalJson) tells two meanings apart and no two spellings.
 */
export function stepSettings(step: Step, config: Config): Readonly<Record<string, unknown>> {
  switch (step) {
    case 'data':
      return dataSettings(config);
    case 'features':
      return featureSettings(config);
    case 'targets':
      return targetSettings(config);
    case 'samples':
      return { scaler: config.features.scaler, lookback: config.model.lookback };
    case 'model':
      return modelSettings(config);
    case 'loss':
      return { terms: config.loss.terms, weights: config.loss.weights, seed: config.train.seed };
    case 'train':
      return { ...config.train };
  }
}

/** All steps that a step is worked out from, directly or through others, in the order of `steps`. */
export function stepAncestors(step: Step): readonly Step[] {
  return steps.filter((other) => other !== step && reaches(step, other));
}

function reaches(step: Step, wanted: Step): boolean {
  return stepInputs[step].some((direct) => direct === wanted || reaches(direct, wanted));
}

/** What loading and cleaning read; of the splits nothing, and of a sample only what it is. */
function dataSettings({ data, features }: Config): Readonly<Record<string, unknown>> {
  const { timezone, decimal, bar_label, columns, symbol, exchange, outliers, gaps, range } = data;
  const common = { timezone, exchange, outliers, gaps, range, extra: Object.keys(features.columns).sort() };
  if (isSampleSource(data.source)) return { ...common, source: sampleSource(data.source) };
  return { ...common, source: data.source, decimal, bar_label, columns, symbol };
}

/** A source that cannot be read is told by who reads it. */
function sampleSource(source: string): string {
  try {
    return formatSampleSource(parseSampleSource(source));
  } catch {
    return source;
  }
}

/** A timeframe by its length, whatever it is called, and only where it is on; the order of columns is not that of keys. */
function featureSettings({ data, features }: Config): Readonly<Record<string, unknown>> {
  const { timeframes, columns, calendar } = features;
  const hasCalendar = calendar !== null && (calendar.time_of_day || calendar.day_of_week);
  return {
    timeframes: timeframes === 'auto' ? timeframes : enabled(timeframes),
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, { transform, period }]) => [
        name,
        transform === 'z' ? { transform, period } : { transform },
      ]),
    ),
    calendar: hasCalendar ? { ...calendar, zone: data.timezone } : null,
  };
}

/** A list: two names of one length are refused by who computes them, and must not look like one. */
function enabled(timeframes: Exclude<FeaturesConfig['timeframes'], 'auto'>): readonly unknown[] {
  const on = Object.entries(timeframes).flatMap(([name, { enabled: isOn, ...indicators }]) =>
    isOn === false ? [] : [{ step: parseTimeframe(name) ?? name, indicators }],
  );
  return on.sort((a, b) => Number(a.step) - Number(b.step));
}

/** The tasks in their order, which is that of the network's outputs. */
function targetSettings({ data, targets }: Config): Readonly<Record<string, unknown>> {
  const { horizon, tasks } = targets;
  return { horizon, tasks: Object.entries(tasks), split: splitSettings(data, horizon) };
}

/** Shares mean nothing where instants are given; whether the test is sealed changes nothing in it. */
function splitSettings({ split, timezone }: DataConfig, horizon: number): Readonly<Record<string, unknown>> {
  const { sealed: _, train, validation, test, purge, ...rest } = split;
  const isGiven = rest.validation_from !== null && rest.test_from !== null;
  return {
    ...rest,
    zone: timezone,
    purge: purge === 'auto' ? horizon : purge,
    shares: isGiven ? null : [train, validation, test],
  };
}

/** Options of other architectures mean nothing to this one. */
function modelSettings({ model }: Config): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(model).filter(([key]) => readsOption(models, model.architecture, key)));
}
