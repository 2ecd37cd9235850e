import { parseTimeframe } from '#core/time/timeframe.ts';
import type { FeaturesConfig, TimeframeConfig } from '#core/config/features.ts';
import { defaultIndicators } from '#core/features/defaults.ts';
import { warmupOf } from '#core/features/column-features.ts';
import { findIndicator } from '#core/features/registry.ts';

/** What the features come to before any data is read. */
interface FeatureCount {
  /** Columns of the model's input. Those that turn out constant, or need a volume there is not, are dropped later. */
  readonly features: number;
  /** Longest warm-up in bars of the base timeframe, as computeFeatures counts it. */
  readonly warmup: number;
}

/** Columns and warm-up of a features cell for bars of `baseStep` ms. */
export function countFeatures({ timeframes, columns, calendar }: FeaturesConfig, baseStep: number): FeatureCount {
  const chosen: (readonly [number, TimeframeConfig])[] =
    timeframes === 'auto'
      ? [
          [1, defaultIndicators],
          [4, defaultIndicators],
        ]
      : Object.entries(timeframes).map(([name, timeframe]) => [
          (parseTimeframe(name) ?? baseStep) / baseStep,
          timeframe,
        ]);
  const further = Object.values(columns);
  let features = further.length + (calendar?.time_of_day ? 2 : 0) + (calendar?.day_of_week ? 2 : 0);
  let warmup = Math.max(0, ...further.map(warmupOf));
  for (const [ratio, timeframe] of chosen) {
    if (timeframe.enabled === false) continue;
    for (const [name, given] of Object.entries(timeframe)) {
      const indicator = findIndicator(name);
      const params = indicator?.params.safeParse(given);
      if (!indicator || !params?.success) continue;
      features += indicator.columns(params.data).length;
      warmup = Math.max(warmup, Math.ceil(indicator.warmup(params.data) * ratio + ratio - 1));
    }
  }
  return { features, warmup };
}
