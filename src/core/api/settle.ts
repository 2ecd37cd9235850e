import type { Issue } from '#core/error.ts';
import { readProblem } from './problem.ts';

/** An answer over HTTP, of whatever type. */
export type AnyAnswer = Pick<Response, 'ok' | 'status' | 'json'>;

/** A refusal as a client meets it. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly issues: readonly Issue[];
}

/** The errors that a client throws: each has a class of its own for them. */
interface ClientErrors {
  refused(refusal: Refusal): Error;
  /** Nobody answered, or what was sent was called back. */
  unanswered(cause: unknown): unknown;
}

/** Waits for an answer that is one of 2xx. @throws what `errors` make of any other, and of none. */
export async function settleAnswer<Answer extends AnyAnswer>(
  sent: Promise<Answer>,
  errors: ClientErrors,
): Promise<Answer> {
  const answer = await sent.catch((cause: unknown) => {
    throw errors.unanswered(cause);
  });
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  throw errors.refused({ status: answer.status, ...readProblem(body, answer.status) });
}

/** What `json()` of an answer gives. */
export type BodyOf<Answer> = Answer extends { json(): Promise<infer Body> } ? Body : never;
