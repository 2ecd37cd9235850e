import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Deps } from './deps.ts';

/** Ms that a client may leave its batch unread before it is cut off; it comes back and resumes. */
const defaultStall = 15_000;

/** Keeps a connection alive that has nothing to say. */
export const heartbeatFrame = ': hb\n\n';

/** Ms that a client of these routes may leave its batch unread. */
export function stallOf({ stream }: Pick<Deps, 'stream'>): number {
  return stream?.stall ?? defaultStall;
}

/**
 * Answers with server-sent events: text of whole frames, written as fast as the client reads. One that leaves a text unread
 * for too long is cut off; whichever way it goes, the signal given to `follow` aborts.
 */
export function answerSse(
  c: Context<{ Bindings: Partial<HttpBindings> }>,
  deps: Pick<Deps, 'stream' | 'log'>,
  follow: (signal: AbortSignal) => AsyncIterable<string>,
): Response {
  c.header('X-Accel-Buffering', 'no');
  c.header('X-Content-Type-Options', 'nosniff');
  const response = streamSSE(
    c,
    async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      await stream.write('retry: 2000\n\n');
      for await (const frames of follow(ended.signal)) {
        if (await inTime(stream.write(frames), stallOf(deps))) continue;
        c.env?.outgoing?.destroy();
        ended.abort();
      }
    },
    async (error) => deps.log(error),
  );
  response.headers.set('Cache-Control', 'no-cache, no-transform');
  return response;
}

/** Whether something is done within `limit` ms. */
export async function inTime(done: Promise<unknown>, limit: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(limit, false, { signal: timer.signal, ref: false }).catch(() => false);
  const result = await Promise.race([done.then(() => true), late]);
  timer.abort();
  return result;
}
