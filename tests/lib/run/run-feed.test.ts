import { describe, expect, it } from 'vitest';
import type { DeliveredEvent, RunEvent } from '#core/run/event.ts';
import { RunFeed } from '#lib/run/run-feed.svelte.ts';
import { FeedWorld, log, metric, status } from './feed-world.ts';

async function opened(world: FeedWorld): Promise<RunFeed> {
  const feed = new RunFeed('abc', world);
  feed.open();
  await world.pass(0);
  world.last?.listener.opened();
  return feed;
}

const counting = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('RunFeed', () => {
  it('opens with what the server shows, and follows from there: what is shown is not sent again', async () => {
    const world = new FeedWorld();
    world.stored = [status(1, 'running'), ...counting(2, 40).map((seq) => metric(seq)), log(41)];
    const feed = await opened(world);
    expect(world.last.since).toBe(41);
    expect([feed.caughtUp, feed.view.lastSeq, feed.view.status]).toEqual([true, 41, 'running']);
    expect(Array.from(feed.metric('train.loss').step)).toEqual(counting(2, 40));
    expect(feed.log.lines.map(({ seq }) => seq)).toEqual([41]);
    // A part that was read earlier than the others decides where to go on; the others take no event twice.
    const other = new FeedWorld();
    other.stored = world.stored;
    const { fetch } = other;
    other.fetch = (url, init) => {
      other.shown = url.includes('/system') ? 39 : Infinity;
      return fetch(url, init);
    };
    const again = await opened(other);
    expect(other.last.since).toBe(39);
    other.last.send([metric(40), log(41), metric(42)]);
    other.draw();
    expect(Array.from(again.metric('train.loss').step)).toEqual([...counting(2, 40), 42]);
    expect(again.log.lines.map(({ seq }) => seq)).toEqual([41]);
  });

  it('publishes what came within a frame together', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    for (const seq of counting(1, 50)) world.last.send([metric(seq)]);
    expect(world.frames).toHaveLength(1);
    expect(feed.view.lastSeq).toBe(0);
    world.draw();
    expect(feed.view.lastSeq).toBe(50);
    expect(Array.from(feed.metric('train.loss').step)).toEqual(counting(1, 50));
    expect(feed.connection).toBe('live');
  });

  it('publishes a few times a second however many events come, and the last of them without another', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    const seen = new Set<object>([feed.view]);
    const look = async (ms: number) => {
      world.draw();
      seen.add(feed.view);
      await world.pass(ms);
    };
    for (let seq = 1; seq <= 1000; seq++) {
      world.last.send([metric(seq)]);
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

  it('publishes a change of state at the next frame', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([metric(1)]);
    world.draw();
    world.last.send([metric(2)]);
    world.draw();
    expect(feed.view.lastSeq).toBe(1);
    world.last.send([status(3, 'completed')]);
    world.draw();
    expect([feed.view.lastSeq, feed.view.status, feed.connection]).toEqual([3, 'completed', 'ended']);
  });

  it('gives new columns to the metrics that have got values, and to no others', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([metric(1)]);
    world.draw();
    const before = feed.metric('train.loss');
    const names = feed.metricNames;
    world.last.send([{ ...metric(2), values: { 'val.loss': 1 } } as RunEvent]);
    feed.close();
    expect(feed.metric('train.loss')).toBe(before);
    expect([names, feed.metricNames]).toEqual([['train.loss'], ['train.loss', 'val.loss']]);
  });

  it('says that it reconnects, and folds no event twice', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([metric(1), metric(2)]);
    world.last.listener.broken(1);
    expect(feed.connection).toBe('reconnecting');
    world.last.listener.opened();
    world.last.send([metric(2), metric(3)], 1);
    world.draw();
    expect(feed.metric('train.loss').value).toHaveLength(3);
    expect(feed.connection).toBe('live');
  });

  it('asks again where an event has not come instead of going on with a hole', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([metric(1)]);
    world.last.send([metric(3)], 2);
    expect(world.follows.map(({ since, closed }) => [since, closed])).toEqual([
      [0, true],
      [1, false],
    ]);
    world.draw();
    expect([feed.view.lastSeq, feed.missing]).toEqual([1, 0]);
  });

  it('steps over events that the server does not have, and counts them', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([metric(1), metric(4), status(5, 'completed')]);
    world.draw();
    expect([feed.view.lastSeq, feed.missing, feed.connection]).toEqual([5, 2, 'ended']);
    // Read a page at a time, the list itself says what there is.
    const polled = new FeedWorld();
    const other = await opened(polled);
    polled.stored = [status(1, 'running'), metric(4)];
    polled.last.listener.broken(3);
    await polled.pass(0);
    polled.draw();
    expect([other.view.lastSeq, other.missing, other.connection]).toEqual([4, 2, 'polling']);
  });

  it('goes on behind an event of a kind it does not know', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.listener.events([{ after: 0, seq: 1, event: null }]);
    world.last.send([metric(2)], 1);
    world.draw();
    expect([feed.view.lastSeq, feed.missing, world.follows.length]).toEqual([2, 0, 1]);
  });

  it('reads the log itself when streams keep failing', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.stored = [status(1, 'running'), metric(2)];
    for (const failures of [1, 2, 3]) world.last.listener.broken(failures);
    await world.pass(0);
    world.draw();
    expect([feed.connection, feed.view.lastSeq]).toEqual(['polling', 2]);
    world.stored = [...world.stored, metric(3)];
    await world.pass(2500);
    world.draw();
    expect(feed.view.lastSeq).toBe(3);
    world.last.listener.opened();
    expect(feed.connection).toBe('live');
    world.stored = [...world.stored, metric(4)];
    await world.pass(2500);
    expect(feed.view.lastSeq).toBe(3);
  });

  it('reads a log that is withheld as it is delivered, and shows what was withheld when it is told', async () => {
    const world = new FeedWorld();
    const head = { at: '2026-01-01T00:00:00.000Z', attempt: 1 };
    const sealed = { seq: 3, ...head, type: 'result', split: 'test', sealed: true } as const;
    const feed = await opened(world);
    world.last.send([status(1, 'running')]);
    world.stored = [status(1, 'running'), metric(2), sealed, status(4, 'completed')];
    world.last.listener.broken(3);
    await world.pass(4000);
    world.draw();
    expect([feed.view.status, feed.view.lastSeq, feed.connection]).toEqual(['completed', 4, 'ended']);
    expect([feed.view.isTestSealed, feed.view.results]).toEqual([true, {}]);
    const result = { metrics: { da: 0.5 }, baselines: {}, checks: [] };
    feed.openTest(result);
    expect([feed.view.isTestSealed, feed.view.results]).toEqual([false, { test: result }]);
    expect(feed.view.metrics.best).toEqual({ 'test.da': 0.5 });
  });

  it('says so when nothing answers, and tries the stream again as soon as something does', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.answers = false;
    world.last.listener.broken(3);
    await world.pass(4000);
    expect([feed.connection, world.last.retried]).toEqual(['offline', 0]);
    world.answers = true;
    world.stored = [status(1, 'running'), metric(2)];
    await world.pass(2500);
    expect([feed.connection, world.last.retried]).toEqual(['polling', 1]);
    world.last.listener.opened();
    world.last.send([metric(3)], 2);
    world.draw();
    expect([feed.connection, feed.view.lastSeq]).toEqual(['live', 3]);
  });

  it('opens as soon as the server answers, where at first it did not', async () => {
    const world = new FeedWorld();
    world.stored = [status(1, 'running')];
    world.answers = false;
    const feed = new RunFeed('abc', world);
    feed.open();
    await world.pass(1000);
    expect([feed.connection, feed.caughtUp]).toEqual(['offline', false]);
    world.answers = true;
    await world.pass(2000);
    expect([feed.caughtUp, world.last.since]).toEqual([true, 1]);
  });

  it('notices a stream that is open but silent while the log grows, and tries it again later', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    await world.pass(11_000);
    expect(feed.connection).toBe('live');
    world.stored = [status(1, 'running'), metric(2)];
    await world.pass(11_000);
    world.draw();
    expect([feed.connection, feed.view.lastSeq, world.last.retried]).toEqual(['polling', 2, 0]);
    await world.pass(30_000);
    expect(world.last.retried).toBe(1);
  });

  it('leaves a run that is completed, and asks for nothing more', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    world.last.send([status(1, 'completed')]);
    world.draw();
    expect([feed.connection, world.last.closed]).toEqual(['ended', true]);
    await world.pass(120_000);
    expect(world.follows).toHaveLength(1);
    expect(world.clock.timers).toEqual([]);
  });

  it('goes on with a cancelled run that somebody else has resumed', async () => {
    const world = new FeedWorld();
    world.stored = [status(1, 'running'), status(2, 'cancelled')];
    const feed = await opened(world);
    expect([feed.connection, world.last.closed]).toEqual(['ended', false]);
    world.last.send([{ ...status(3, 'queued'), attempt: 2 }]);
    world.draw();
    expect([feed.connection, feed.view.status, feed.view.attempt]).toEqual(['live', 'queued', 2]);
  });

  it('says that a run is gone, and keeps what it has shown', async () => {
    const world = new FeedWorld();
    world.stored = [status(1, 'running'), metric(2)];
    const feed = await opened(world);
    world.last.listener.gone();
    expect([feed.connection, feed.view.lastSeq, world.last.closed]).toEqual(['gone', 2, true]);
    const other = new FeedWorld();
    other.fetch = async () => Response.json({ error: { code: 'run_not_found', message: 'no' } }, { status: 404 });
    const never = new RunFeed('abc', other);
    never.open();
    await other.pass(10_000);
    expect([never.connection, other.follows.length, other.clock.timers]).toEqual(['gone', 0, []]);
  });

  it('opens anew where the log is another one now: what it showed of the old one is gone', async () => {
    const world = new FeedWorld();
    world.stored = [status(1, 'running'), ...counting(2, 40).map((seq) => metric(seq))];
    const feed = await opened(world);
    world.last.send([metric(41)]);
    world.stored = [status(1, 'running'), metric(2), status(3, 'interrupted')];
    world.last.listener.restarted();
    await world.pass(100);
    expect([feed.view.status, feed.view.lastSeq, world.last.since]).toEqual(['interrupted', 3, 3]);
    expect(Array.from(feed.metric('train.loss').step)).toEqual([2]);
    world.draw();
    expect(feed.view.lastSeq).toBe(3);
  });

  it('reads earlier lines of the log when they are asked for, until there are none', async () => {
    const world = new FeedWorld();
    world.stored = counting(1, 1200).map(log);
    const feed = await opened(world);
    expect([feed.log.lines[0]?.seq, feed.log.hasEarlier]).toEqual([701, true]);
    await feed.readEarlier();
    await feed.readEarlier();
    expect([feed.log.lines[0]?.seq, feed.log.lines.length, feed.log.hasEarlier]).toEqual([1, 1200, false]);
    world.fetch = async () => Promise.reject(new Error('asked again'));
    await feed.readEarlier();
  });

  it('holds a bounded number of points, readings and lines, however long it follows', async () => {
    const world = new FeedWorld();
    const feed = await opened(world);
    const head = { at: '2026-01-01T00:00:00.000Z', attempt: 1 };
    const count = 60_000;
    const spike = 31_415;
    for (let seq = 1; seq <= count; seq += 1000) {
      const events = counting(seq, seq + 999).map((at): DeliveredEvent => {
        if (at % 3 === 0) return log(at);
        if (at % 3 === 1)
          return { seq: at, ...head, type: 'system', step: at, cpu: at % 100, rss: 1, tensors: 1, tensorBytes: 1 };
        return metric(at, at === spike ? 1e6 : at / count);
      });
      world.last.send(events);
      world.draw();
      await world.pass(1000);
    }
    const { step, value } = feed.metric('train.loss');
    expect(step.length).toBeLessThanOrEqual(8000);
    expect(step.length).toBeGreaterThan(1000);
    expect([step[0], step.at(-1)]).toEqual([2, count - 1]);
    expect(value[step.indexOf(spike)]).toBe(1e6);
    expect(feed.system.column('cpu', false).step.length).toBeLessThanOrEqual(4000);
    expect(feed.log.lines.length).toBeLessThanOrEqual(5500);
    expect([feed.log.hasEarlier, feed.log.lines.at(-1)?.seq]).toEqual([true, count]);
  });
});
