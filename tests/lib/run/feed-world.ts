import type { DeliveredEvent, RunEvent } from '#core/run/event.ts';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import type { RunState } from '#core/run/state.ts';
import type { LiveSource, RunListener } from '#lib/live/live-source.ts';
import type { FeedEffects } from '#lib/run/feed-effects.ts';
import { FakeClock } from '#tests/support/fake-clock.ts';

export function metric(seq: number, loss = seq / 10): RunEvent {
  const head = { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1 };
  return { ...head, type: 'metric', step: seq, epoch: 1, values: { 'train.loss': loss } };
}
export function log(seq: number): RunEvent {
  return { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1, type: 'log', level: 'info', message: `line ${seq}` };
}
export function status(seq: number, state: RunState): RunEvent {
  return { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1, type: 'status', state };
}

/** A run followed at the source of events. */
interface Followed {
  readonly since: number;
  readonly listener: RunListener;
  closed: boolean;
  retried: number;
  /** Events that follow each other, the first of them `after`. */
  send(events: readonly DeliveredEvent[], after?: number): void;
}

/** The source of events, frames, timers and the server's answers under the test's hand. */
export class FeedWorld implements FeedEffects {
  follows: Followed[] = [];
  readonly clock = new FakeClock();
  wait = this.clock.wait;
  frames: (() => void)[] = [];
  /** What the server has, all of it as it delivers it. */
  stored: readonly DeliveredEvent[] = [];
  /** Up to which event the server's answers about the whole run go. */
  shown = Infinity;
  answers = true;

  live = (): LiveSource => ({
    followRun: (_id, since, listener) => {
      let seq = since;
      const followed: Followed = {
        since,
        listener,
        closed: false,
        retried: 0,
        send: (events, after = seq) => {
          const arrived = events.map((event, at) => ({ after: events[at - 1]?.seq ?? after, seq: event.seq, event }));
          seq = events.at(-1)?.seq ?? seq;
          listener.events(arrived);
        },
      };
      this.follows.push(followed);
      return { close: () => void (followed.closed = true), retry: () => void followed.retried++ };
    },
    followList: () => {
      throw new Error('a run does not follow the list');
    },
  });
  fetch: FeedEffects['fetch'] = async (url) => {
    if (!this.answers) return new Response(null, { status: 503 });
    const { pathname, searchParams } = new URL(url, 'http://almanac');
    const shown = this.stored.filter(({ seq }) => seq <= this.shown);
    const lastSeq = shown.at(-1)?.seq ?? 0;
    switch (pathname.slice('/api/runs/abc/'.length)) {
      case 'events': {
        const since = Number(searchParams.get('since'));
        const items = this.stored.filter(({ seq }) => seq > since).slice(0, Number(searchParams.get('limit')));
        return Response.json({ items, next: items.at(-1)?.seq ?? since });
      }
      case 'view':
        return Response.json({ run: 'abc', view: shown.reduce(reduceRun, emptyRunView()), lastSeq });
      case 'metrics': {
        const points = shown.flatMap((event) => (event.type === 'metric' ? [event] : []));
        const loss = {
          step: points.map(({ step }) => step),
          epoch: points.map(({ epoch }) => epoch),
          value: points.map(({ values }) => values['train.loss']),
          time: points.map(({ at }) => Date.parse(at)),
          attempt: points.map(({ attempt }) => attempt),
        };
        const series = points.length > 0 ? { 'train.loss': loss } : {};
        return Response.json({ run: 'abc', keys: Object.keys(series), series, lastSeq });
      }
      case 'system':
        return Response.json({ run: 'abc', samples: [], lastSeq });
      case 'logs': {
        const before = Number(searchParams.get('before') ?? Infinity);
        const tail = Number(searchParams.get('tail'));
        const lines = shown.flatMap((event) => (event.type === 'log' && event.seq < before ? [event] : []));
        return Response.json({ lines: lines.slice(-tail), next: 0, lastSeq });
      }
      default:
        return new Response(null, { status: 404 });
    }
  };
  frame(callback: () => void) {
    this.frames.push(callback);
  }
  draw() {
    for (const frame of this.frames.splice(0)) frame();
  }
  async pass(ms: number) {
    const end = this.clock.now + ms;
    do {
      // What was begun before (a fetch, say) comes to its end first.
      for (let turn = 0; turn < 10; turn++) await new Promise((done) => setImmediate(done));
    } while (this.clock.runNext(end));
    this.clock.now = end;
  }
  get last() {
    return this.follows[this.follows.length - 1];
  }
}
