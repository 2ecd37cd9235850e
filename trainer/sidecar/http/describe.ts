import { describeRoute, resolver } from 'hono-openapi';
import type { z } from 'zod';
import { errorSchema } from './error.ts';

const refusals = {
  400: 'The request cannot be understood',
  403: 'Comes from another site',
  404: 'There is no such thing',
  409: 'Its state forbids it',
  413: 'Too big',
  415: 'Not JSON',
  422: 'Understood, and cannot be done as asked',
  507: 'Too little free space on the disk of the runs',
} as const;
type Refusal = keyof typeof refusals;

/** One answer that is no JSON: its media type. */
interface Media {
  readonly type: string;
  readonly description: string;
}

/** What /docs says of a route: one sentence, what it answers, how it refuses. */
export function describe(
  tag: string,
  summary: string,
  answers: Readonly<Record<number, z.ZodType | Media>>,
  refused: readonly Refusal[] = [],
) {
  const responses: NonNullable<Parameters<typeof describeRoute>[0]['responses']> = {};
  for (const [status, answer] of Object.entries(answers)) {
    responses[status] =
      'type' in answer && 'description' in answer && typeof answer.type === 'string' && !('safeParse' in answer)
        ? { description: String(answer.description), content: { [answer.type]: {} } }
        : { description: summary, content: { 'application/json': { schema: resolver(answer as z.ZodType) } } };
  }
  for (const status of refused) {
    responses[status] = {
      description: refusals[status],
      content: { 'application/json': { schema: resolver(errorSchema) } },
    };
  }
  return describeRoute({ tags: [tag], summary, responses });
}
