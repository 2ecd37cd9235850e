import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { sharedFrame } from '#core/api/run-answers.ts';
import { sharedStreamQuery } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { followRuns, type News } from '#trainer/sidecar/runs/feed.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { answerSse, heartbeatFrame } from './sse.ts';

/** The events of several runs, and changes of their list, over one connection: a browser has few of them. */
export function sharedStreamRoutes(deps: Deps) {
  const { db, hub } = deps;
  const { coalesce, heartbeat } = deps.stream ?? {};
  const shareRead = (id: string) => deps.index.shareRead(id);

  return new Hono<{ Bindings: Partial<HttpBindings> }>().get(
    '/',
    describe({
      id: 'followRuns',
      tag: 'Runs',
      summary: 'Follow the events of several runs, and the list of runs, over one connection (SSE)',
      answers: {
        200: {
          description:
            'Frames `event` ({run, after, event}: the event that follows seq `after` of its run), `gone` ({run}: there is no ' +
            'such run), `restart` ({run}: its log was read from its beginning again, and its events come from the first on) and ' +
            '`list` ({changed}: runs whose summary has changed), data on one line. They bear no id: who comes ' +
            'back says for each run after which seq to go on. The stream does not end with a run.',
          content: { 'text/event-stream': sharedFrame },
        },
        204: { description: 'Nothing is followed, neither runs nor their list: do not reconnect', content: {} },
      },
    }),
    query(sharedStreamQuery),
    async (c) => {
      const { runs, list } = c.req.valid('query');
      const since = new Map(runs.map(({ id, since: seq }) => [id, seq]));
      if (since.size < runs.length) throw new AppError('invalid_request', 'query: runs: expected each run once');
      // What an EventSource takes as "do not come back".
      if (since.size === 0 && list === undefined) return c.body(null, 204);
      const gone: string[] = [];
      for (const id of since.keys()) {
        const run = await deps.index.find(id);
        if (run === undefined || run.deletedAt !== null) gone.push(id);
      }
      for (const id of gone) since.delete(id);
      return answerSse(c, deps, async function* (signal) {
        if (gone.length > 0) yield gone.map((run) => frame('gone', JSON.stringify({ run }))).join('');
        const news = followRuns({ db, hub, since, list: list !== undefined, signal, shareRead, coalesce, heartbeat });
        for await (const one of news) yield toSharedFrames(one);
      });
    },
  );
}

function toSharedFrames({ restarted, batches, changed }: News): string {
  const frames = restarted.map((run) => frame('restart', JSON.stringify({ run })));
  const told = batches.flatMap(({ runId, after, events }) =>
    events.map(({ body }, at) => {
      const before = at === 0 ? after : events[at - 1].seq;
      return frame('event', `{"run":"${runId}","after":${before},"event":${body}}`);
    }),
  );
  frames.push(...told);
  if (changed.length > 0) frames.push(frame('list', JSON.stringify({ changed })));
  return frames.length === 0 ? heartbeatFrame : frames.join('');
}

/** JSON has no raw line break. */
function frame(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}
