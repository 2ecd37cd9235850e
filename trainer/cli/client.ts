import { hc } from 'hono/client';
import { type AnyAnswer, type BodyOf, settleAnswer } from '#core/api/settle.ts';
import { AppError, errorCodes } from '#core/error.ts';
import type { App } from '#trainer/sidecar/app.ts';

/** The sidecar's interface, typed by its own routes: one that changes is a type error where it is called. */
export type Client = ReturnType<typeof createClient>;

/**
 * @param token asked for by a sidecar that listens beyond loopback, or where one is set.
 * @param send that of a sidecar with TLS knows its certificate.
 */
export function createClient(url: string, token: string | null, send: typeof fetch = fetch) {
  return hc<App>(url, { headers: token === null ? {} : { authorization: `Bearer ${token}` }, fetch: send });
}

/** Waits for an answer of whatever type. @throws AppError where the sidecar refuses, or does not answer. */
export function settle<Answer extends AnyAnswer>(sent: Promise<Answer>): Promise<Answer> {
  return settleAnswer(sent, {
    refused: ({ code, message, issues }) =>
      new AppError(errorCodes.find((known) => known === code) ?? 'internal', message, { issues }),
    unanswered: (cause) =>
      new AppError('internal', 'The sidecar does not answer. Is it still running? almanac doctor says.', { cause }),
  });
}

/** The JSON of an answer, as its route types it. @throws as settle. */
export async function answer<Answer extends Pick<Response, 'ok' | 'status'> & { json(): Promise<BodyOf<Answer>> }>(
  sent: Promise<Answer>,
): Promise<BodyOf<Answer>> {
  return (await settle(sent)).json();
}
