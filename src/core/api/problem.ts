import { z } from 'zod';
import { type ErrorCode, errorCodes, type Issue } from '#core/error.ts';

/** HTTP status of each error code. */
export const errorStatuses = {
  invalid_notebook: 422,
  invalid_config: 422,
  invalid_override: 422,
  invalid_filter: 422,
  invalid_request: 400,
  data_not_found: 422,
  data_forbidden: 422,
  data_unreadable: 422,
  data_empty: 422,
  split_too_small: 422,
  warmup_too_long: 422,
  non_finite_loss: 422,
  out_of_memory: 422,
  disk_full: 507,
  engine_unavailable: 422,
  device_lost: 503,
  run_not_found: 404,
  notebook_not_found: 404,
  artifact_not_found: 404,
  path_not_found: 404,
  method_not_allowed: 405,
  state_conflict: 409,
  key_conflict: 422,
  sealed: 409,
  forbidden: 403,
  too_large: 413,
  unsupported_media_type: 415,
  wrong_host: 421,
  too_many_tries: 429,
  checkpoint_damaged: 422,
  checkpoint_outdated: 422,
  locked: 409,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

/** What each status says of a request, in a few words: `title` of a problem, and the answers of the API's description. */
export const statusTitles = {
  400: 'The request cannot be understood',
  401: 'A token is needed',
  403: 'Comes from another site, or with a right to look only',
  404: 'There is no such thing',
  405: 'There, but not for this method',
  409: 'Its state forbids it',
  413: 'Too big',
  415: 'Not JSON',
  416: 'No such range of bytes',
  421: 'Another host was asked for',
  422: 'Understood, and cannot be done as asked',
  429: 'Too many wrong tokens',
  500: 'Something went wrong here',
  503: 'Not now',
  507: 'Too little free space on the disk of the runs',
} as const;
export type RefusalStatus = keyof typeof statusTitles;

export const issueSchema = z.object({
  path: z.string().describe('Dotted key or field; empty for the whole'),
  message: z.string(),
  line: z.int().optional().describe('Line of the notebook’s file, from 1, where it stands in one'),
  column: z.int().optional().describe('Column in that line, from 1'),
});

/** Why something failed, as the last line of an answer in lines tells it. */
export const failureSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  issues: z.array(issueSchema).readonly(),
});

/** The body of every answer that refuses: ours in `error`, and the members of RFC 9457 beside it. */
export const problemSchema = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'Stable', examples: errorCodes.slice(0, 1) }),
      message: z.string(),
      issues: z.array(issueSchema).optional(),
    }),
    type: z.string().describe('URI of the kind of problem, made from the code').optional(),
    title: z.string().optional(),
    status: z.int().optional(),
    detail: z.string().describe('The message again').optional(),
  })
  .meta({
    ref: 'Problem',
    description: 'Why a request was refused; RFC 9457 members stand beside `error`',
    examples: [
      {
        error: { code: 'run_not_found', message: 'There is no run 01m8nr2yrkfq9rq2vy28cf.' },
        type: 'urn:almanac:error:run_not_found',
        title: statusTitles[404],
        status: 404,
        detail: 'There is no run 01m8nr2yrkfq9rq2vy28cf.',
      },
    ],
  });
type Problem = z.infer<typeof problemSchema>;

const maxIssues = 100;

/** A message may repeat what was sent, but not a megabyte of it. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The body that refuses with this code; `status` where it is not the code's own. */
export function toProblem(
  code: ErrorCode,
  message: string,
  issues: readonly Issue[] = [],
  status: number = errorStatuses[code],
): Problem {
  const told = issues
    .slice(0, maxIssues)
    .map(({ path, message: text, ...place }) => ({ path: cut(path, 200), message: cut(text, 1000), ...place }));
  const detail = cut(message, 2000);
  const title = Object.entries(statusTitles).find(([known]) => Number(known) === status)?.[1];
  return {
    error: { code, message: detail, ...(told.length > 0 ? { issues: told } : {}) },
    type: `urn:almanac:error:${code}`,
    ...(title === undefined ? {} : { title }),
    status,
    detail,
  };
}

const loose = z.object({
  error: z.object({ code: z.string(), message: z.string(), issues: z.array(z.unknown()).optional() }),
});

/**
 * Reads a refusal as far as it can be read: it may come from a server of another version, or from a proxy in between.
 */
export function readProblem(
  body: unknown,
  status: number,
): { readonly code: string; readonly message: string; readonly issues: readonly Issue[] } {
  const { success, data } = loose.safeParse(body);
  if (!success) return { code: 'internal', message: `The server answered ${status}`, issues: [] };
  const { code, message, issues = [] } = data.error;
  return { code, message, issues: issues.flatMap((issue) => issueSchema.safeParse(issue).data ?? []) };
}
