import { z } from 'zod';
import { indicators } from '#core/features/registry.ts';

const timeframeShape = Object.fromEntries(
  indicators.map((indicator) => [
    indicator.name,
    indicator.params.optional().meta({ title: indicator.title, description: indicator.summary }),
  ]),
);

/** Indicator name → parameters; a timeframe is on when it is listed and not `enabled: false`. */
const timeframeSchema = z.strictObject({
  enabled: z.boolean().optional().meta({ title: 'Enabled', description: 'false switches the timeframe off' }),
  ...timeframeShape,
});
export type TimeframeConfig = { readonly enabled?: boolean } & Readonly<Record<string, object | boolean | undefined>>;

/** `1m`, `15m`, `1h`, `4h`, `1d`, `1w`. */
const timeframeName = z.string().regex(/^[1-9]\d{0,4}[smhdw]$/, 'expected a timeframe such as 15m, 1h, 4h or 1d');

/** What the model sees of the bars. */
export const featuresSchema = z.strictObject({
  scaler: z.enum(['standard', 'robust']).default('standard').meta({
    title: 'Scaler',
    description: 'standard = mean and deviation; robust = median and interquartile range; fitted on train rows only',
  }),
  timeframes: z
    .union([z.literal('auto'), z.record(timeframeName, timeframeSchema)])
    .default('auto')
    .meta({
      title: 'Timeframes',
      description: 'auto = the step found in the data and four times it, each with the default indicators',
    }),
  calendar: z
    .union([
      z.strictObject({
        time_of_day: z
          .boolean()
          .default(true)
          .meta({ title: 'Time of day', description: 'Sine and cosine of the time of the bar’s close' }),
        day_of_week: z
          .boolean()
          .default(true)
          .meta({ title: 'Day of week', description: 'Sine and cosine of the day of the bar’s close' }),
      }),
      z.null(),
    ])
    .prefault({})
    .meta({ title: 'Calendar', description: 'Cycles of the calendar; null = none' }),
});
export type FeaturesConfig = Omit<z.infer<typeof featuresSchema>, 'timeframes'> & {
  readonly timeframes: 'auto' | Readonly<Record<string, TimeframeConfig>>;
};
