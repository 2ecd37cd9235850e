import { z } from 'zod';
import { AppError, errorCodes } from '#core/error.ts';
import { eventSchema, type RunEvent } from '#core/run/event.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';

const issue = z.object({ path: z.string(), message: z.string() });
const refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), issues: z.array(issue).optional() }),
});

/** The sidecar's interface, as the command line uses it. */
export interface Client {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  /** Events of a run after `since`, as they come; ends when `signal` aborts. Reconnects where the line breaks. */
  follow(id: string, since: number, signal: AbortSignal): AsyncGenerator<RunEvent>;
}

export type RunAnswer = RunDetail;
export type RunList = { readonly runs: readonly RunSummary[]; readonly next: number | null };

/** @param token asked for by a sidecar that listens beyond loopback. */
export function createClient(url: string, token: string | null): Client {
  const headers = { ...(token === null ? {} : { authorization: `Bearer ${token}` }) };

  async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    let response: Response;
    try {
      response = await fetch(url + path, { ...init, headers: { ...headers, ...init.headers } });
    } catch (cause) {
      throw new AppError('internal', `The sidecar at ${url} does not answer. Is it still running?`, { cause });
    }
    const body: unknown = await response.json().catch(() => null);
    // The sidecar is ours and checked what it sent.
    if (response.ok) return body as Answer;
    const parsed = refusal.safeParse(body);
    const code = errorCodes.find((name) => name === parsed.data?.error.code) ?? 'internal';
    const { message = `The sidecar answered ${response.status}.`, issues } = parsed.data?.error ?? {};
    throw new AppError(code, message, { issues });
  }

  return {
    get: (path) => ask(path, {}),
    post: (path, body = {}) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    async *follow(id, since, signal) {
      let last = since;
      for (let failures = 0; !signal.aborted && failures < 20; failures++) {
        try {
          const response = await fetch(`${url}/runs/${id}/stream`, {
            headers: { ...headers, 'last-event-id': String(last) },
            signal,
          });
          if (response.body === null || !response.ok) throw new Error(`The stream answered ${response.status}.`);
          for await (const event of readFrames(response.body)) {
            last = event.seq;
            failures = 0;
            yield event;
          }
        } catch {
          if (signal.aborted) return;
        }
        await new Promise((wake) => setTimeout(wake, 500));
      }
      if (!signal.aborted)
        throw new AppError('internal', `The stream of run ${id} broke off; almanac show ${id} says how it went.`);
    },
  };
}

async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ')) yield eventSchema.parse(JSON.parse(line.slice('data: '.length)));
    }
  }
}
