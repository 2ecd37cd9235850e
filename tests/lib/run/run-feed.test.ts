import { describe, expect, it } from 'vitest';
import type { RunEvent } from '#core/run/event.ts';
import type { FeedEffects, Stream } from '#lib/run/feed-effects.ts';
import { RunFeed } from '#lib/run/run-feed.svelte.ts';

function metric(seq: number, loss = seq / 10): RunEvent {
  const head = { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1 };
  return { ...head, type: 'metric', step: seq, epoch: 1, values: { 'train.loss': loss } };
}
function status(seq: number, state: 'running' | 'completed'): RunEvent {
  return { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1, type: 'status', state };
}

type RunEventLike = Pick<RunEvent, 'seq'>;

/** Streams, frames, timers and the log file under the test's hand. */
class FakeWorld implements FeedEffects {
  streams: (Stream & { url: string; closed: boolean; send(event: RunEvent): void; open(): void; fail(): void })[] = [];
  timers: { at: number; run: () => void }[] = [];
  frames: (() => void)[] = [];
  file = '';
  now = 0;

  openStream(url: string): Stream {
    const listeners = new Map<string, (data: string) => void>();
    let onopen = () => {};
    let onerror = () => {};
    const stream = {
      url,
      closed: false,
      onopen: (listener: () => void) => void (onopen = listener),
      onerror: (listener: () => void) => void (onerror = listener),
      onevent: (type: string, listener: (data: string) => void) => void listeners.set(type, listener),
      close: () => void (stream.closed = true),
      send: (event: RunEvent) => stream.closed || listeners.get(event.type)?.(JSON.stringify(event)),
      open: () => onopen(),
      fail: () => onerror(),
    };
    this.streams.push(stream);
    return stream;
  }
  /** What the sidecar delivers in place of the log's events; null: those of its whole lines. */
  delivered: readonly RunEventLike[] | null = null;
  fetch: FeedEffects['fetch'] = async (url) => {
    const since = Number(/events\?since=(\d+)&limit=\d+$/.exec(url)?.[1]);
    const whole = this.file
      .slice(0, this.file.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean);
    const events = this.delivered ?? whole.map((line) => JSON.parse(line) as RunEventLike);
    const items = events.filter(({ seq }) => seq > since);
    return Response.json({ items, next: items.at(-1)?.seq ?? since });
  };
  frame(callback: () => void) {
    this.frames.push(callback);
  }
  wait(ms: number, run: () => void) {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }
  draw() {
    for (const frame of this.frames.splice(0)) frame();
  }
  async pass(ms: number) {
    const end = this.now + ms;
    for (;;) {
      // What was begun before (a fetch, say) comes to its end first.
      for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 0));
      const [next] = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.now = next.at;
      this.timers = this.timers.filter((timer) => timer !== next);
      next.run();
    }
    this.now = end;
  }
  get last() {
    return this.streams[this.streams.length - 1];
  }
}

function lines(events: readonly RunEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

describe('RunFeed', () => {
  it('publishes what came within a frame together', () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    const { view } = feed;
    for (let seq = 1; seq <= 50; seq++) world.last.send(metric(seq));
    expect(feed.view).toBe(view);
    expect(world.frames).toHaveLength(1);
    world.draw();
    expect(feed.view.lastSeq).toBe(50);
    expect(Array.from(feed.metric('train.loss').step)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(feed.connection).toBe('live');
  });

  it('publishes a few times a second however many events come, and the last of them without another', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    const seen = new Set<object>([feed.view]);
    const look = async (ms: number) => {
      world.draw();
      seen.add(feed.view);
      await world.pass(ms);
    };
    for (let seq = 1; seq <= 1000; seq++) {
      world.last.send(metric(seq));
      await look(10);
    }
    // 1,000 events in ten seconds.
    expect(seen.size - 1).toBeGreaterThan(20);
    expect(seen.size - 1).toBeLessThanOrEqual(40);
    expect(feed.view.lastSeq).toBeLessThan(1000);
    for (let turn = 0; turn < 40; turn++) await look(10);
    expect([feed.view.lastSeq, feed.metric('train.loss').value.at(-1)]).toEqual([1000, 100]);
    const published = seen.size;
    for (let turn = 0; turn < 40; turn++) await look(10);
    expect(seen.size).toBe(published);
  });

  it('publishes a change of state at the next frame', () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    world.last.send(metric(1));
    world.draw();
    world.last.send(metric(2));
    world.draw();
    expect(feed.view.lastSeq).toBe(1);
    world.last.send(status(3, 'completed'));
    world.draw();
    expect([feed.view.lastSeq, feed.view.status, feed.connection]).toEqual([3, 'completed', 'ended']);
  });

  it('gives new columns to the metrics that have got values, and to no others', () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    world.last.send(metric(1));
    world.draw();
    const before = feed.metric('train.loss');
    const names = feed.metricNames;
    feed.close();
    feed.open();
    world.last.send({ ...metric(2), values: { 'val.loss': 1 } } as RunEvent);
    feed.close();
    expect(feed.metric('train.loss')).toBe(before);
    expect([names, feed.metricNames]).toEqual([['train.loss'], ['train.loss', 'val.loss']]);
  });

  it('goes on from the last event after a break, and folds none twice', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    world.last.send(metric(1));
    world.last.send(metric(2));
    world.last.fail();
    expect(feed.connection).toBe('reconnecting');
    await world.pass(1000);
    expect(world.streams).toHaveLength(2);
    expect(world.last.url).toContain('since=2');
    world.last.open();
    world.last.send(metric(2));
    world.last.send(metric(3));
    world.draw();
    expect(feed.metric('train.loss').value).toHaveLength(3);
    expect(feed.connection).toBe('live');
  });

  it('asks again where an event is missing instead of going on with a hole', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    world.last.send(metric(1));
    world.last.send(metric(3));
    await world.pass(1000);
    expect(world.last.url).toContain('since=1');
    world.draw();
    expect(feed.view.lastSeq).toBe(1);
  });

  it('reads the log itself when streams keep failing, torn last line and all', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    const whole = lines([status(1, 'running'), metric(2), metric(3)]);
    world.file = whole.slice(0, -10);
    feed.open();
    for (let failure = 0; failure < 3; failure++) {
      world.last.fail();
      await world.pass(4000);
    }
    expect(feed.connection).toBe('polling');
    world.draw();
    expect(feed.view.lastSeq).toBe(2);
    world.file = whole;
    await world.pass(2500);
    world.draw();
    expect(feed.view.lastSeq).toBe(3);
    await world.pass(30_000);
    world.last.open();
    expect(feed.connection).toBe('live');
  });

  it('reads a log that is withheld as it is delivered, and shows what was withheld when it is told', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    const head = { at: '2026-01-01T00:00:00.000Z', attempt: 1 };
    const sealed = { seq: 3, ...head, type: 'result', split: 'test', sealed: true } as const;
    const events = [status(1, 'running'), metric(2), sealed, status(4, 'completed')];
    world.delivered = events;
    feed.open();
    world.last.open();
    world.last.send(status(1, 'running'));
    for (let failure = 0; failure < 3; failure++) {
      world.last.fail();
      await world.pass(4000);
    }
    world.draw();
    expect([feed.view.status, feed.view.lastSeq, feed.connection]).toEqual(['completed', 4, 'ended']);
    expect([feed.view.isTestSealed, feed.view.results]).toEqual([true, {}]);
    const result = { metrics: { da: 0.5 }, baselines: {}, checks: [] };
    feed.openTest(result);
    expect([feed.view.isTestSealed, feed.view.results]).toEqual([false, { test: result }]);
    expect(feed.view.metrics.best).toEqual({ 'test.da': 0.5 });
  });

  it('says so when nothing answers, and streams again as soon as something does', async () => {
    const world = new FakeWorld();
    const { fetch } = world;
    let answers = false;
    world.fetch = async (input, init) => (answers ? fetch(input, init) : new Response(null, { status: 503 }));
    const feed = new RunFeed('abc', world);
    feed.open();
    for (let failure = 0; failure < 3; failure++) {
      world.last.fail();
      await world.pass(4000);
    }
    expect(feed.connection).toBe('offline');
    const before = world.streams.length;
    answers = true;
    world.file = lines([status(1, 'running'), metric(2)]);
    await world.pass(2500);
    expect(world.streams.length).toBe(before + 1);
    expect(world.last.url).toContain('since=2');
    world.last.open();
    expect(feed.connection).toBe('live');
    world.last.send(metric(3));
    world.draw();
    expect(feed.view.lastSeq).toBe(3);
  });

  it('notices a stream that is open but silent while the log grows', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    await world.pass(11_000);
    expect(feed.connection).toBe('live');
    world.file = lines([status(1, 'running'), metric(2)]);
    await world.pass(11_000);
    world.draw();
    expect(feed.connection).toBe('polling');
    expect(feed.view.lastSeq).toBe(2);
  });

  it('closes after the final status and asks for nothing more', async () => {
    const world = new FakeWorld();
    const feed = new RunFeed('abc', world);
    feed.open();
    world.last.open();
    world.last.send(status(1, 'completed'));
    world.draw();
    expect(feed.connection).toBe('ended');
    expect(world.last.closed).toBe(true);
    await world.pass(120_000);
    expect(world.streams).toHaveLength(1);
  });
});
