import { z } from 'zod';
import { exchangeNames } from '#core/sessions/exchange-names.ts';
import { parseRangeTime } from '#core/time/range.ts';

const knownZones = new Set<string>();

/** Asked of every run that is indexed, and long to find out. */
function isTimezone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return false;
  }
  knownZones.add(zone);
  return true;
}

const time = z.union([
  z
    .string()
    .refine(
      (text) => parseRangeTime(text) !== undefined,
      'expected a date or time such as 2021-01-01 or 2021-01-01T12:30:00-05:00',
    ),
  z.null(),
]);

const columnName = z.string().min(1).max(200);

/** Where the bars come from and which of them train, validate and test. */
export const dataSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(1024)
    .refine((source) => !source.includes('\0'), 'expected a path without a NUL character')
    .default('sample://market')
    .meta({
      title: 'Source',
      description:
        'CSV, TSV, JSON or Parquet file (also in gzip or a zip), a glob of them, or sample://market?seed=1&bars=20000&step=1h',
    }),
  timezone: z
    .string()
    .max(64)
    .refine(isTimezone, 'expected a time zone such as UTC, Europe/Berlin or America/New_York')
    .default('UTC')
    .meta({ title: 'Time zone', description: 'Zone of times that name none, e.g. UTC or America/New_York' }),
  decimal: z.enum(['auto', 'point', 'comma']).default('auto').meta({
    title: 'Decimal sign',
    description: 'Sign of decimals where the numbers of the file do not say: is 1,234 a thousand or one and a bit?',
  }),
  bar_label: z
    .enum(['open', 'close'])
    .default('open')
    .meta({ title: 'Bar label', description: 'Whether a time is that of the bar’s open or close' }),
  columns: z
    .strictObject({
      time: z.union([columnName, z.array(columnName).length(2)]).optional(),
      open: columnName.optional(),
      high: columnName.optional(),
      low: columnName.optional(),
      close: columnName.optional(),
      volume: columnName.optional(),
    })
    .prefault({})
    .meta({
      title: 'Columns',
      description:
        'Which column of the file is what, by its name or as #3 by its place, where the names do not say; time may be [date, clock]',
    }),
  symbol: z
    .union([z.string().min(1).max(200), z.null()])
    .default(null)
    .meta({ title: 'Symbol', description: 'The instrument to take, where a file holds several' }),
  exchange: z
    .union([z.enum(exchangeNames), z.null()])
    .default(null)
    .meta({
      title: 'Exchange',
      description: 'Whose calendar says when the market is closed; null = learned from the file',
    }),
  outliers: z.enum(['note', 'drop', 'clip']).default('note').meta({
    title: 'Outliers',
    description: 'Ticks far off their neighbours: note = marked only; drop = bars left out; clip = prices pulled in',
  }),
  gaps: z
    .strictObject({
      policy: z.enum(['break', 'fill', 'ignore']).default('break').meta({
        title: 'Policy',
        description: 'break = no window crosses a gap; fill = short gaps are filled; ignore = gaps do not count',
      }),
      max_fill: z.int().min(0).max(1000).default(5).meta({
        title: 'Longest filled gap',
        description: 'Longest gap in bars that `fill` fills; a longer one breaks',
      }),
    })
    .prefault({})
    .meta({ title: 'Gaps' }),
  range: z
    .strictObject({
      start: time.default(null).meta({ title: 'Start', description: 'First bar used; null = the first there is' }),
      end: time.default(null).meta({ title: 'End', description: 'Bars before this are used; null = all' }),
    })
    .prefault({})
    .meta({ title: 'Range' }),
  split: z
    .strictObject({
      method: z.enum(['chronological']).default('chronological').meta({ title: 'Method' }),
      train: z
        .number()
        .min(0.05)
        .max(0.98)
        .default(0.7)
        .meta({ title: 'Train', description: 'Share of the bars, where no instants are given' }),
      validation: z
        .number()
        .min(0.01)
        .max(0.9)
        .default(0.15)
        .meta({ title: 'Validation', description: 'Share of the bars, where no instants are given' }),
      test: z
        .number()
        .min(0.01)
        .max(0.9)
        .default(0.15)
        .meta({ title: 'Test', description: 'Share of the bars, where no instants are given' }),
      validation_from: time.default(null).meta({
        title: 'Validation from',
        description: 'First bar of the validation split, together with test_from; null = the shares say',
      }),
      test_from: time.default(null).meta({ title: 'Test from', description: 'First bar of the test split' }),
      until: time.default(null).meta({
        title: 'Until',
        description: 'Bars from here on are in no split; null = the last there is',
      }),
      sealed: z.boolean().default(true).meta({
        title: 'Sealed test',
        description: 'The result of the test split stays in an envelope until somebody opens it',
      }),
      purge: z
        .union([z.literal('auto'), z.int().min(0).max(10_000)])
        .default('auto')
        .meta({ title: 'Purge', description: 'Samples dropped before each boundary; auto = the horizon' }),
      embargo: z
        .int()
        .min(0)
        .max(10_000)
        .default(0)
        .meta({ title: 'Embargo', description: 'Samples dropped after each boundary' }),
    })
    .prefault({})
    .meta({ title: 'Split' }),
});
export type DataConfig = z.infer<typeof dataSchema>;
