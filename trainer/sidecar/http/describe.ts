import { describeRoute, resolver } from 'hono-openapi';
import type { z } from 'zod';
import { problemSchema, type RefusalStatus, statusTitles } from '#core/api/problem.ts';

/** An answer that is no JSON, or one of several media types: its schema a type, null where it is plain text or bytes. */
interface Media {
  readonly description: string;
  readonly content: Readonly<Record<string, z.ZodType | null>>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteDescription {
  /** Unique, lower camel case: what generated clients call it. */
  readonly id: string;
  readonly tag: 'Runs' | 'Cells' | 'Data' | 'Machine';
  /** One sentence. */
  readonly summary: string;
  readonly answers: Readonly<Record<number, z.ZodType | Media>>;
  /** How it may refuse; what every route may answer is added. */
  readonly refuses?: readonly RefusalStatus[];
  /** Headers that the route reads: name → what it means. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: object }>>;
  /** Parameters of its path: name → schema. */
  readonly path?: Readonly<Record<string, object>>;
}

const isSchema = (answer: z.ZodType | Media): answer is z.ZodType => 'safeParse' in answer;

/** Refusals that come before any route: a foreign host, a missing token, too many wrong ones, more headers than a browser sends. */
const everywhere: readonly RefusalStatus[] = [400, 401, 421, 429];

type Responses = NonNullable<Parameters<typeof describeRoute>[0]['responses']>;

/** What /openapi.json and /docs say of a route. */
export function describe({ id, tag, summary, answers, refuses = [], headers = {}, path = {} }: RouteDescription) {
  const responses: Responses = {};
  for (const [status, answer] of Object.entries(answers)) {
    responses[status] = isSchema(answer)
      ? { description: summary, content: { 'application/json': { schema: resolver(answer) } } }
      : {
          description: answer.description,
          content: Object.fromEntries(
            Object.entries(answer.content).map(([type, schema]) => [
              type,
              schema === null
                ? type.startsWith('text/')
                  ? { schema: { type: 'string' as const } }
                  : {}
                : { schema: resolver(schema) },
            ]),
          ),
          ...(answer.headers && {
            headers: Object.fromEntries(
              Object.entries(answer.headers).map(([name, description]) => [
                name,
                { description, schema: { type: 'string' as const } },
              ]),
            ),
          }),
        };
  }
  for (const status of new Set([...everywhere, ...refuses])) {
    responses[status] = {
      description: statusTitles[status],
      content: {
        'application/json': { schema: resolver(problemSchema) },
        'application/problem+json': { schema: resolver(problemSchema) },
      },
    };
  }
  const parameters = [
    ...Object.entries(path).map(([name, schema]) => ({ in: 'path' as const, name, required: true, schema })),
    ...Object.entries(headers).map(([name, header]) => ({ in: 'header' as const, name, required: false, ...header })),
  ];
  return describeRoute({
    operationId: id,
    tags: [tag],
    summary,
    responses,
    ...(parameters.length > 0 ? { parameters } : {}),
  });
}
