import { type HttpBindings, upgradeWebSocket } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { WebSocket } from 'ws';
import { streamFrame } from '#core/api/run-answers.ts';
import { streamQuery } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { deliveredEventSchema } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { followRun } from '#trainer/sidecar/runs/feed.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';
import { answerSse, heartbeatFrame, inTime, stallOf } from './sse.ts';

/** The events of a run, live: SSE, or the same JSON over a WebSocket. */
export function streamRoutes(deps: Deps) {
  const { db, hub } = deps;
  const { coalesce, heartbeat } = deps.stream ?? {};
  const times = { coalesce, heartbeat, shareRead: (id: string) => deps.index.shareRead(id) };

  return new Hono<{ Bindings: Partial<HttpBindings> }>().get(
    '/:id/stream',
    describe({
      id: 'followRun',
      tag: 'Runs',
      summary: 'Follow the events of a run (SSE; a WebSocket where an upgrade is asked for)',
      answers: {
        101: {
          description: 'A WebSocket: one message an event',
          content: { 'application/json': deliveredEventSchema },
        },
        200: {
          description:
            'One frame an event: id is its seq, event its type, data its JSON on one line. Comments keep the connection ' +
            'alive. The stream ends behind the event that ends the run. While the test is sealed its result is delivered ' +
            'as a SealedResult.',
          content: { 'text/event-stream': streamFrame },
        },
        204: { description: 'The run has ended and nothing is left to send: do not reconnect', content: {} },
      },
      refuses: [404],
      headers: {
        'Last-Event-ID': {
          description: 'seq of the last event seen; the stream goes on behind it',
          schema: { type: 'string', pattern: '^[0-9]{0,15}$', examples: ['17'] },
        },
      },
    }),
    query(streamQuery),
    async (c, next) => {
      const run = await requireRun(deps, c.req.param('id'));
      const isOver = isSettled(run.status) && readSince(c) === run.view.lastSeq;
      // What an EventSource takes as "do not come back".
      if (isOver && c.req.header('upgrade') === undefined) return c.body(null, 204);
      return next();
    },
    upgradeWebSocket((c) => {
      const runId = c.req.param('id') ?? '';
      const since = readSince(c);
      const ended = new AbortController();
      return {
        onOpen(_event, socket) {
          // The server is made with `ws`, whose own methods tell when a message has left.
          const raw = socket.raw as unknown as WebSocket;
          const options = { ...times, db, hub, runId, since, signal: ended.signal };
          sendAll(raw, followRun(options), stallOf(deps)).then(
            () => raw.close(1000),
            (error: unknown) => {
              if (!ended.signal.aborted && !hasLeft(raw, error)) deps.log(error);
              raw.terminate();
            },
          );
        },
        onClose: () => ended.abort(),
        onError: () => ended.abort(),
      };
    }),
    (c) => {
      const runId = c.req.param('id');
      const since = readSince(c);
      return answerSse(c, deps, async function* (signal) {
        for await (const batch of followRun({ ...times, db, hub, runId, since, signal })) yield toFrames(batch);
      });
    },
  );
}

/** Where to go on: `Last-Event-ID` (a reconnecting EventSource still asks for its first URL), else `?since=`, else 0. */
function readSince(c: Context): number {
  const text = c.req.header('last-event-id') || c.req.query('since') || '0';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('invalid_request', 'Last-Event-ID or since: expected the seq of an event, a whole number from 0.');
}

/** Frames of SSE; an empty batch is a comment that keeps the connection alive. JSON has no raw line break. */
export function toFrames(batch: readonly StoredEvent[]): string {
  if (batch.length === 0) return heartbeatFrame;
  return batch.map(({ seq, type, body }) => `id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`).join('');
}

/** A client that disconnects is not an error of ours; logging each of a thousand would hide everything else. */
function hasLeft(socket: WebSocket, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return socket.readyState !== socket.OPEN || code === 'EPIPE' || code === 'ECONNRESET';
}

async function sendAll(
  socket: WebSocket,
  batches: AsyncIterable<readonly StoredEvent[]>,
  stall: number,
): Promise<void> {
  for await (const batch of batches) {
    if (batch.length === 0) socket.ping();
    const sent = Promise.all(batch.map(({ body }) => send(socket, body)));
    if (!(await inTime(sent, stall))) throw new Error('A client of a stream does not read.');
  }
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((done, failed) => socket.send(text, (error) => (error ? failed(error) : done())));
}
