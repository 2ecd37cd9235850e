import { isRunName, plainRunName, runNamePattern } from '#core/run/run-name.ts';
import { z } from 'zod';
import { findGivenNameFault } from '#core/given-name.ts';
import { checkpointName } from '#core/run/control.ts';
import { passageSchema } from '#core/run/said.ts';
import { runStates } from '#core/run/state.ts';

const text = (max: number) => z.string().max(max);
const overrides = z.array(text(10_000)).max(200);

/** What most programs can check of the rule for names: no control character, no mark that turns text, no blank at an end. */
const unmarked = String.raw`[^\s\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]`;
const namePattern = `^${unmarked}( *${unmarked})*$`;

/** A name that a person gives. */
const given = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => findGivenNameFault(value) === null, {
      error: ({ input }) => `expected a name, and this one ${findGivenNameFault(String(input)) ?? ''}`,
    })
    .meta({ pattern: namePattern });
/** Most tags of a run. */
export const mostTags = 32;
export const tagsSchema = z.array(given(64)).max(mostTags);
const name = given(200);
const conclusion = text(10_000).describe('What was learned, in Markdown; empty takes it back');

/** The id of a run in a path or a body. */
export const runIdSchema = z
  .string()
  .regex(/^[0-9a-z]{10,40}$/, 'expected the id of a run')
  .meta({ examples: ['01m8nr2yrkfq9rq2vy28cf'] });

/** Body of POST /runs: what is given later wins, in the order config, notebook or source, overrides. */
export const createRunRequest = z
  .strictObject({
    notebook: text(100).optional().describe('Slug of a notebook in ALMANAC_HOME/notebooks'),
    source: z.string().optional().describe('Text of a notebook, 1 MB at most; wins over the file of `notebook`'),
    config: z.record(z.string(), z.unknown()).optional().describe('Groups, or the flat keys of the older dashboard'),
    overrides: overrides.optional().describe('Hydra overrides, e.g. train.epochs=5'),
    parent: runIdSchema.optional(),
    name: name.optional(),
    tags: tagsSchema.optional(),
  })
  .meta({ ref: 'CreateRunRequest', examples: [{ notebook: 'first-run', overrides: ['train.epochs=5'] }] });
export type CreateRunRequest = z.input<typeof createRunRequest>;

/** Body of POST /data/check: the configuration of a run, given as to POST /runs. */
export const checkRequest = createRunRequest
  .pick({ notebook: true, source: true, config: true, overrides: true })
  .meta({ ref: 'CheckRequest', examples: [{ notebook: 'first-run' }] });

/** Body of POST /runs/{id}/fork; `{}` makes the same again. */
export const forkRunRequest = z
  .strictObject({
    from: z
      .strictObject({ checkpoint: checkpointName })
      .optional()
      .describe('Start from the weights of this checkpoint of the parent: best, last or a name'),
    source: z.string().optional().describe('Text of the edited notebook, 1 MB at most'),
    overrides: overrides.optional().describe('Come after the overrides of the parent'),
    bars: z
      .enum(['parent', 'today'])
      .optional()
      .describe(
        'parent: the bars that the parent was trained on; today: those of the file as it is. Left out: the parent’s, where ' +
          'they are kept and the settings of loading are the same',
      ),
    name: name.optional(),
    tags: tagsSchema.optional(),
  })
  .meta({ ref: 'ForkRunRequest', examples: [{ overrides: ['train.seed=2'], from: { checkpoint: 'best' } }] });
export type ForkRunRequest = z.input<typeof forkRunRequest>;

/** Body of PATCH /runs/{id}: what is left out stays. */
export const labelRunRequest = z
  .strictObject({
    name: name.optional(),
    tags: tagsSchema.optional(),
    notes: text(100_000).optional(),
    conclusion: conclusion.optional(),
    concludedAt: z
      .string()
      .nullable()
      .optional()
      .describe('Time of the conclusion that this one replaces: 409 where another stands there by now'),
    starred: z.boolean().optional(),
    archived: z.boolean().optional(),
  })
  .meta({ ref: 'LabelRunRequest', examples: [{ tags: ['keep'] }] });

/** Body of PUT /runs/conclusion. */
export const concludeRequest = z
  .strictObject({
    runs: z.array(runIdSchema).min(2, 'expected two runs at least').max(50, 'expected 50 runs at most'),
    conclusion,
    at: z
      .string()
      .nullable()
      .optional()
      .describe('Time of the conclusion that this one replaces: 409 where another stands there by now'),
  })
  .meta({
    ref: 'ConcludeRequest',
    examples: [
      { runs: ['01m8nr2yrkfq9rq2vy28cf', '01m8nr2yrkfq9rq2vy28cg'], conclusion: 'The same, within their seeds.' },
    ],
  });

/** Query of GET /runs/conclusion. */
export const conclusionQuery = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(concludeRequest.shape.runs)
    .meta({ description: 'Ids of runs, separated by commas', pattern: '^[0-9a-z]{10,40}(,[0-9a-z]{10,40}){1,49}$' }),
});

const passageText = text(20_000).describe('Markdown');

/** Body of POST /runs/{id}/prose. */
export const addPassageRequest = z
  .strictObject({
    ...passageSchema.pick({ after: true, replaces: true }).partial().shape,
    text: passageText,
  })
  .meta({ ref: 'AddPassageRequest', examples: [{ after: 'train', text: 'It learned in ten epochs.' }] });
export type AddPassageRequest = z.input<typeof addPassageRequest>;

/** Body of PUT /runs/{id}/prose/{passage}. */
export const editPassageRequest = z
  .strictObject({
    text: passageText,
    at: z.string().optional().describe('Time of the version that is replaced: 409 where another stands there by now'),
  })
  .meta({ ref: 'EditPassageRequest', examples: [{ text: 'It learned in nine epochs.' }] });

/** Body of POST /runs/{id}/checkpoint. */
export const checkpointRequest = z
  .strictObject({
    name: checkpointName
      .refine((value) => value !== 'best' && value !== 'last', 'best and last are written by the trainer itself')
      .default('manual'),
  })
  .meta({ ref: 'CheckpointRequest', examples: [{ name: 'before-the-weekend' }] });

/** Body of POST /runs/{id}/test. */
export const openTestRequest = z
  .strictObject({ by: text(100).optional().describe('Who opens it, as it is to be remembered') })
  .meta({ ref: 'OpenTestRequest', examples: [{ by: 'ada' }] });

/** A whole number in a query, as text. */
function whole(min: number, max: number, fallback: number) {
  return z.coerce.number().int().min(min).max(max).default(fallback);
}

/** One state or several, separated by commas. */
const states = new RegExp(`^(${runStates.join('|')})(,(${runStates.join('|')}))*$`);

/** Query of GET /runs. */
export const listRunsQuery = z.object({
  status: z
    .string()
    .regex(states, `expected states, separated by commas: ${runStates.join(', ')}`)
    .transform((value) => value.split(',').flatMap((word) => runStates.find((state) => state === word) ?? []))
    .optional()
    .meta({ description: 'States, separated by commas', examples: ['queued,running'] }),
  notebook: z.string().optional(),
  parent: z.string().optional(),
  tag: z.string().optional(),
  search: z.string().optional().describe('Part of the name'),
  sort: z.enum(['number', '-number', 'name', '-name']).default('-number'),
  limit: whole(1, 500, 50),
  offset: whole(0, Number.MAX_SAFE_INTEGER, 0).describe('`next` of the page before'),
});

/** Most runs whose scores are compared at once. */
const mostScored = 20;

/** Query of GET /runs/scores. */
export const scoresQuery = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z.array(runIdSchema).min(2, 'expected two runs at least').max(mostScored, `expected ${mostScored} runs at most`),
    )
    .meta({
      description: 'Ids of runs, each once, separated by commas',
      pattern: `^[0-9a-z]{10,40}(,[0-9a-z]{10,40}){1,${mostScored - 1}}$`,
      examples: ['01m8nr2yrkfq9rq2vy28cf,01m8nr2yrkfq9rq2vy28cg'],
    }),
});

/** A run in a query: its number as people write it, or its id. */
const runName = z.string().refine(isRunName, 'expected runs, as R12 or by their id').transform(plainRunName);

/** Query of GET /runs/diff. */
export const diffQuery = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(runName).min(2, 'expected two runs at least').max(mostScored, `expected ${mostScored} runs at most`))
    .meta({
      description: 'Runs by id or number, each once, separated by commas; the first is the base',
      pattern: `^${runNamePattern}(,${runNamePattern}){1,${mostScored - 1}}$`,
      examples: ['R7,R12'],
    }),
});

/** Query of GET /runs/diff/forecasts. */
export const diffForecastsQuery = diffQuery.extend({
  from: whole(0, Number.MAX_SAFE_INTEGER, 0).describe('First instant, ms UTC, where not all rows fit an answer'),
  to: whole(0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).describe('Last instant, ms UTC'),
});

/** Query of GET /runs/{id}/metrics. */
export const metricsQuery = z.object({
  keys: z.string().optional().describe('Metric names, separated by commas; all where it is left out'),
  from: whole(0, Number.MAX_SAFE_INTEGER, 0).describe('First step'),
  to: whole(0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).describe('Last step'),
  points: z.coerce
    .number()
    .int()
    .min(4)
    .max(1_000_000)
    .optional()
    .describe('At most so many points a metric; of each bucket first, last, minimum and maximum stay'),
  smoothing: z.coerce
    .number()
    .min(0)
    .max(0.999)
    .optional()
    .describe(
      'Weight β of exponential smoothing over all points from `from` on, before any are left out: JSON series bear `smooth` besides',
    ),
  format: z.enum(['json', 'csv']).optional(),
});

/** Query of GET /runs/{id}/system. */
export const systemQuery = z.object({
  points: whole(20, 10_000, 1000).describe(
    'At most so many samples; of each bucket first, last and the extremes of every reading stay',
  ),
});

/** Query of GET /runs/{id}/logs. */
export const logsQuery = z.object({
  offset: whole(0, Number.MAX_SAFE_INTEGER, 0).describe('`next` of the answer before: the log goes on behind it'),
  limit: whole(1, 10_000, 1000).describe('Most lines'),
  tail: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('The last so many lines behind `offset`, whatever `limit` says'),
  before: z.coerce.number().int().min(1).optional().describe('Only lines before this event, as of the first one shown'),
});

/** Query of GET /runs/{id}/events. */
export const eventsQuery = z.object({
  since: whole(0, Number.MAX_SAFE_INTEGER, 0).describe('seq after which to go on'),
  limit: whole(1, 5000, 1000).describe('Most events'),
});

/** Query of GET /runs/{id}/logs/printed. */
export const printedQuery = z.object({
  offset: z.coerce.number().int().default(0).describe('First byte; negative: so many bytes from the end'),
  limit: whole(1, 1_000_000, 200_000).describe('Most bytes'),
});

/** Query of GET /runs/{id}/artifacts/{path}. */
export const artifactQuery = z.object({
  archive: z.enum(['zip']).optional().describe('Packs a folder checkpoints/<name>'),
  split: z
    .enum(['validation'])
    .optional()
    .describe('Of predictions.csv the rows of this split; older runs keep those of the test in it too'),
});

/** Query of GET /runs/{id}/stream. */
export const streamQuery = z.object({
  since: z
    .string()
    .regex(/^[0-9]{0,15}$/, 'expected the seq of an event, a whole number from 0')
    .optional()
    .meta({ description: 'seq after which to go on; Last-Event-ID wins', examples: ['0'] }),
});

/** Most runs that one connection follows. */
export const mostFollowed = 100;

const followed = /^([0-9a-z]{10,40}:[0-9]{1,15}(,(?!$)|$))*$/;

/** Query of GET /stream. */
export const sharedStreamQuery = z.object({
  runs: z
    .string()
    .regex(followed, 'expected <id>:<seq> of each run, separated by commas')
    .transform((text) => (text === '' ? [] : text.split(',')))
    .pipe(z.array(z.string()).max(mostFollowed, `expected ${mostFollowed} runs at most`))
    .transform((parts) =>
      parts.map((part) => {
        const [id = '', since] = part.split(':');
        return { id, since: Number(since) };
      }),
    )
    .default([])
    .meta({
      description: `Runs to follow, ${mostFollowed} at most, each once: its id and the seq after which to go on`,
      examples: ['01m8nr2yrkfq9rq2vy28cf:17,01m8nr2yrkfq9rq2vy28cg:0'],
    }),
  list: z.enum(['true']).optional().describe('Tell changes of the list of runs as well'),
});
