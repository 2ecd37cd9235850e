import type { z } from 'zod';
import { type AnyAnswer, settleAnswer } from '#core/api/settle.ts';
import type { Issue } from '#core/error.ts';

/** What a server answered when it refused, in the shape of HTTP.md#errors, with the place of each issue. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** What fetch needs to be here; a test gives its own. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Sends a request; an answer that is no 2xx, or none at all, becomes an ApiError a person can read. */
export async function send(fetcher: Fetch, path: string, init?: RequestInit): Promise<Response> {
  return settle(fetcher(path, init), init?.signal);
}

/** Waits for an answer, of whatever type. @throws ApiError where it refuses, or none came and `signal` did not want that. */
export function settle<Answer extends AnyAnswer>(sent: Promise<Answer>, signal?: AbortSignal | null): Promise<Answer> {
  return settleAnswer(sent, {
    refused: ({ status, code, message, issues }) => new ApiError(status, code, message, issues),
    unanswered: (cause) =>
      signal?.aborted
        ? cause
        : new ApiError(0, 'unreachable', 'Almanac does not answer. Is it still running? (npm start)'),
  });
}

/** The JSON of an answer that the types here do not know: checked as it comes. */
export async function readJson<Body>(sent: Promise<Response>, schema: z.ZodType<Body>): Promise<Body> {
  return schema.parse(await (await sent).json());
}

/** Options of a POST with a JSON body. */
export function posting(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
