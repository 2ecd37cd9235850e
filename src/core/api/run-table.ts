import { z } from 'zod';
import { runStateSchema } from '#core/run/state.ts';

/** What the values of a column are. */
export const columnKinds = ['number', 'seconds', 'date', 'text', 'state', 'tags', 'run', 'truth', 'mixed'] as const;

const column = {
  key: z.string().meta({ examples: ['val.da', 'model.architecture', 'tag'] }),
  label: z.string().describe('At the head of the column'),
  about: z.string().describe('A sentence; empty where the key says it all'),
  kind: z
    .enum(columnKinds)
    .describe(
      'date: ISO time; tags: several texts; run: the number of a run; mixed: of some runs a number, of others not',
    ),
  unit: z.string().describe('Of its numbers; empty where there is none'),
  direction: z.enum(['higher', 'lower']).nullable().describe('Which way is better; null where neither is'),
  part: z.enum(['run', 'metric', 'configuration']),
  isSortable: z.boolean().describe('false: runs are not ranked by it, as by what the test says'),
};

/** A column of a run table. */
const tableColumn = z.object(column).meta({ ref: 'TableColumn' });
export type TableColumn = Readonly<z.infer<typeof tableColumn>>;

/** A column that there is, with what a filter can be completed by. */
const knownColumn = z
  .object({
    ...column,
    runs: z.int().describe('Runs that have a value'),
    values: z
      .array(z.string())
      .readonly()
      .describe(
        'Values that it has, as a filter writes them, commonest first, 50 at most; of numbers where they are few',
      ),
    range: z.tuple([z.number(), z.number()]).readonly().nullable().describe('Least and greatest of its numbers'),
  })
  .meta({ ref: 'KnownColumn' });
export type KnownColumn = Readonly<z.infer<typeof knownColumn>>;

/** GET /runs/columns. */
export const columnsAnswer = z
  .object({ columns: z.array(knownColumn).readonly() })
  .meta({ ref: 'RunColumns', description: 'Everything that runs can be shown, sorted, filtered and grouped by' });

const cell = z
  .union([z.number(), z.string(), z.boolean(), z.array(z.string()).readonly(), z.null()])
  .describe('A number that is not finite is a text: NaN, Infinity, -Infinity');
export type TableCell = Readonly<z.infer<typeof cell>>;
const cells = z.array(cell).readonly();

const interval = z.tuple([z.number(), z.number()]).readonly();
const differences = z
  .record(z.string(), z.number())
  .describe('Metric → how much more it is than the baseline’s; only where the two may be held against each other');

const changedValue = z.unknown().describe('As the configuration has it; null: absent');

/** A run as the table holds it: what every row shows, and the cells of the columns that were asked for. */
const tableRow = z
  .object({
    id: z.string(),
    number: z.int(),
    name: z.string(),
    notebook: z.string().nullable(),
    state: runStateSchema,
    reason: z.string().nullable(),
    isStalled: z.boolean(),
    indexing: z.number().nullable().describe('Share of its log that has been read, while a long one is'),
    queuePosition: z.int().nullable(),
    share: z.number().nullable().describe('Of its steps that are done, 0 to 1, while it trains'),
    parent: z
      .object({ id: z.string(), number: z.int().nullable().describe('null: gone from the workspace') })
      .nullable(),
    changes: z
      .array(z.tuple([z.string(), changedValue, changedValue]).readonly())
      .readonly()
      .describe('First keys that differ from the parent’s: [key, old, new]'),
    moreChanges: z.int().describe('Changed keys beyond these'),
    otherRows: z.string().nullable().describe('In what its rows differ from its parent’s, in words'),
    rows: z
      .string()
      .nullable()
      .describe('Letter of the rows that it is ranked on; null: unknown, ranked with no other'),
    thin: z
      .object({ scored: z.int(), of: z.int() })
      .nullable()
      .describe('Rows scored of those of its key, where features, lookback and gaps took many'),
    isHighest: z.boolean().describe('Whether its val.da is the highest on its rows'),
    otherLoss: z.string().nullable().describe('In what its loss differs from the one whose values the table shows'),
    test: z.enum(['none', 'sealed', 'open']),
    afterLook: z.boolean().describe('Created after its test rows were seen through another run'),
    bestEpoch: z.int().nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    device: z.string().nullable(),
    tags: z.array(z.string()).readonly(),
    starred: z.boolean(),
    archived: z.boolean(),
    conclusion: z.string().describe('Its first line'),
    binnedAt: z.string().nullable(),
    cells: cells.describe('In the order of `columns`'),
    intervals: z.record(z.string(), interval).describe('Metric among the columns → ends of its 95 % interval'),
    differences: differences.nullable().describe('null: there is no baseline, or it is this run'),
    withheld: z.string().nullable().describe('Why its metrics are not held against the baseline’s'),
  })
  .meta({ ref: 'TableRow' });
export type TableRow = Readonly<z.infer<typeof tableRow>>;

/** Runs that stand together because only they may be ranked with each other. */
const tableSection = z
  .object({
    rows: z.string().nullable().describe('Letter of their rows; null: rows unknown'),
    loss: z.string().nullable().describe('Their loss, where they are ranked by it'),
    isRanked: z.boolean(),
    count: z.int().describe('Runs, or groups, of the section among all that were found'),
  })
  .meta({ ref: 'TableSection' });
export type TableSection = Readonly<z.infer<typeof tableSection>>;

const spread = z.object({
  mean: z.number(),
  sd: z.number().nullable().describe('Of a sample; null for one run'),
  n: z.int(),
  min: z.number(),
  max: z.number(),
});

/** Runs with the same values of what they are grouped by, on the same rows. */
const tableGroup = z
  .object({
    values: cells.describe('In the order of `groupedBy`'),
    filter: z.string().describe('Finds exactly its runs'),
    rows: z.string().nullable().describe('Letter of their rows'),
    n: z.int(),
    runs: z
      .array(z.object({ id: z.string(), number: z.int() }))
      .readonly()
      .describe('Newest first, 50 at most'),
    cells: z
      .array(z.union([z.object({ spread }), z.object({ same: cell }), z.object({ distinct: z.int() })]))
      .readonly()
      .describe(
        'In the order of `columns`: numbers that differ as mean and sd, one value of all, or how many there are',
      ),
    differences: differences.nullable().describe('Of the means'),
    withheld: z.string().nullable(),
  })
  .meta({ ref: 'TableGroup' });
export type TableGroup = Readonly<z.infer<typeof tableGroup>>;

/** GET /runs/table. */
export const tableAnswer = z
  .object({
    version: z.string().describe('`since` of the next request'),
    isDifference: z
      .boolean()
      .describe('true: `rows` and `groups` have only what differs from the answer `since`; `order` is always whole'),
    total: z.int().describe('Runs found'),
    lines: z.int().describe('Runs found, or groups of them: what `offset` and `limit` count'),
    all: z.int().describe('Runs there are, without a filter'),
    offset: z.int(),
    columns: z.array(tableColumn).readonly(),
    order: z.array(z.string()).readonly().describe('Of the page: ids of runs, or filters of groups'),
    rows: z.array(tableRow).readonly(),
    groupedBy: z.array(tableColumn).readonly(),
    groups: z.array(tableGroup).readonly().nullable().describe('null: not grouped'),
    sections: z
      .array(tableSection)
      .readonly()
      .describe('How the runs found part into those that are ranked with each other; none where nothing is set apart'),
    rowSets: z
      .array(
        z.object({
          letter: z.string(),
          words: z.string(),
          difference: z.string().nullable().describe('From the first, in words'),
          count: z.int().describe('Runs found'),
        }),
      )
      .readonly()
      .describe('Rows that the runs found are ranked on, oldest first'),
    loss: z.string().nullable().describe('The loss whose values stand under val.loss'),
    hasTest: z.boolean().describe('Whether the test of a run found was opened'),
    states: z.record(z.string(), z.int()).describe('State → runs there are, without a filter'),
    baseline: tableRow.nullable().describe('The pinned run, wherever it stands; null: none, or not in the workspace'),
    notes: z.array(z.string()).readonly().describe('What of the filter finds nothing, and what may have been meant'),
  })
  .meta({ ref: 'RunTable' });
export type RunTable = Readonly<z.infer<typeof tableAnswer>>;

// All of a query stands in the head of a request, which has 16 KiB.
const list = (max: number, length: number) =>
  z
    .string()
    .max(length)
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    )
    .pipe(z.array(z.string()).max(max, `expected ${max} columns at most`));

/** Query of GET /runs/table. */
export const tableQuery = z.object({
  filter: z
    .string()
    .max(2000)
    .default('')
    .meta({ examples: ['val.da > 0.52 and model.architecture in (tcn, mlp) and not tag:old'] }),
  sort: list(8, 500)
    .default([])
    .meta({ description: 'Columns, separated by commas, - before what descends', examples: ['-val.da,created'] }),
  columns: list(200, 6000).optional().meta({ description: 'Keys of columns, separated by commas' }),
  group: list(8, 500)
    .default([])
    .meta({ description: 'Columns whose equal values make a group', examples: ['setup'] }),
  baseline: z.string().optional().describe('Id or number (R12) of the run that others are held against'),
  from: z.enum(['runs', 'bin']).default('runs'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  since: z.string().max(100).optional().describe('`version` of the answer that is to be brought up to date'),
});
export type TableQuery = Readonly<z.infer<typeof tableQuery>>;
