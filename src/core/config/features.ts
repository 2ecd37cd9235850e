import { z } from 'zod';
import { period } from '#core/features/period.ts';
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

/** What becomes of a column of the file (FORMULAS.md#columns-of-the-file). */
const columnTransforms = ['level', 'diff', 'z', 'log'] as const;

/** One column of the file as a feature. */
const columnSchema = z.strictObject({
  transform: z.enum(columnTransforms).default('level').meta({
    title: 'Transform',
    description:
      'level = the value; diff = its change from bar to bar; z = its deviations from its mean over the last bars; log = its logarithm',
  }),
  period: period(96, 'Bars of mean and deviation of z, the newest included').meta({ title: 'Period' }),
});

/** Most columns of the file as features: what a page can be shown of. */
export const maxColumns = 100;

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
  columns: z
    .record(z.string().min(1).max(200), columnSchema)
    .refine((columns) => Object.keys(columns).length <= maxColumns, `expected at most ${maxColumns} columns`)
    .default({})
    .meta({
      title: 'Columns',
      description:
        'Further columns of the file as features, by their names there, each as it is known at the bar’s close',
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
