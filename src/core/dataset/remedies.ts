import type { Bars } from '#core/bars/bars.ts';
import type { Boundaries } from '#core/bars/boundaries.ts';
import { AppError } from '#core/error.ts';
import { defaultIndicators } from '#core/features/defaults.ts';
import { requireTimeframes } from '#core/features/timeframes.ts';
import { parseTimeframe } from '#core/time/timeframe.ts';
import { assembleDataset } from './assemble.ts';
import { type DatasetConfig, splitNames } from './dataset.ts';

/** One change of a notebook that keeps more of its rows. */
export interface Remedy {
  /** E.g. "data.gaps.policy: ignore". */
  readonly words: string;
  /** The key from the root and its new value; undefined takes the key away. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Rows that it keeps beyond those kept now. */
  readonly gain: number;
}

/** A change to try. */
interface Candidate extends Omit<Remedy, 'gain'> {
  readonly bars: Bars;
  readonly config: DatasetConfig;
}

/** Shortest lookback that is proposed. */
const shortest = 8;

/** A remedy that keeps less than this share of the rows is none. */
const worth = 0.005;

/**
 * What keeps more rows of these bars, each tried out by the trainer's own code, the best first: gaps that do not count,
 * half the lookback, one timeframe less.
 */
export function findRemedies(bars: Bars, config: DatasetConfig, boundaries: Boundaries): readonly Remedy[] {
  const before = keptRows({ bars, config }, boundaries);
  return [...ignoreGaps(bars, config), ...halveLookback(bars, config), ...dropTimeframe(bars, config)]
    .map((candidate): Remedy => {
      const { words, path, value } = candidate;
      return { words, path, value, gain: keptRows(candidate, boundaries) - before };
    })
    .filter(({ gain }) => gain >= worth * bars.time.length)
    .toSorted((a, b) => b.gain - a.gain);
}

/** 0 where the configuration would be refused. */
function keptRows({ bars, config }: Pick<Candidate, 'bars' | 'config'>, boundaries: Boundaries): number {
  try {
    const { samples } = assembleDataset(bars, config, boundaries).report;
    return splitNames.reduce((sum, name) => sum + samples[name], 0);
  } catch (error) {
    if (error instanceof AppError) return 0;
    throw error;
  }
}

function ignoreGaps(bars: Bars, config: DatasetConfig): readonly Candidate[] {
  const { gaps } = config.data;
  if (gaps.policy === 'ignore' || bars.segment.at(-1) === bars.segment[0]) return [];
  return [
    {
      words: 'data.gaps.policy: ignore',
      path: ['data', 'gaps', 'policy'],
      value: 'ignore',
      // The policy gives one segment and fills nothing; what was filled already is not taken away for a trial.
      bars: { ...bars, segment: new Int32Array(bars.segment.length) },
      config: { ...config, data: { ...config.data, gaps: { ...gaps, policy: 'ignore' } } },
    },
  ];
}

function halveLookback(bars: Bars, config: DatasetConfig): readonly Candidate[] {
  const { lookback } = config.model;
  const half = Math.max(shortest, Math.floor(lookback / 2));
  if (half >= lookback) return [];
  return [
    {
      words: `model.lookback: ${lookback} → ${half}`,
      path: ['model', 'lookback'],
      value: half,
      bars,
      config: { ...config, model: { ...config.model, lookback: half } },
    },
  ];
}

function dropTimeframe(bars: Bars, config: DatasetConfig): readonly Candidate[] {
  const { timeframes } = config.features;
  const used = requireTimeframes(timeframes, bars.step);
  const longest = used.at(-1);
  if (longest === undefined || used.length < 2) return [];
  const isAuto = timeframes === 'auto';
  const all = isAuto ? used.map(({ name }) => [name, defaultIndicators] as const) : Object.entries(timeframes);
  const isLongest = (name: string) => parseTimeframe(name) === longest.step;
  const left = Object.fromEntries(all.filter(([name]) => !isLongest(name)));
  const key = all.map(([name]) => name).find(isLongest) ?? longest.name;
  return [
    {
      words: `without the ${key} timeframe`,
      path: isAuto ? ['features', 'timeframes'] : ['features', 'timeframes', key],
      value: isAuto ? left : undefined,
      bars,
      config: { ...config, features: { ...config.features, timeframes: left } },
    },
  ];
}
