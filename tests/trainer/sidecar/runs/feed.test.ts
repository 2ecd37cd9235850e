import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendMetrics, createTestRun, metricLine, runId } from '#tests/support/test-run.ts';
import { followRun, followRuns } from '#trainer/sidecar/runs/feed.ts';
import { Hub } from '#trainer/sidecar/runs/hub.ts';

const fast = { runId, coalesce: 1, heartbeat: 20 };

test('whoever leaves and comes back at any moment gets every event once, in order', async () => {
  const run = await createTestRun();
  let written = 1;
  let writing = true;
  const writer = (async () => {
    while (written < 2000) {
      await appendMetrics(run, written + 1, 20);
      written += 20;
      await sleep(1);
    }
    writing = false;
  })();
  const random = fc.sample(fc.integer({ min: 1, max: 120 }), { numRuns: 200, seed: 1 });
  const seen: number[] = [];
  for (let visit = 0; writing || seen.length < written; visit++) {
    const stop = new AbortController();
    let left = random[visit % random.length];
    const feed = followRun({ ...fast, db: run.db, hub: run.hub, since: seen.at(-1) ?? 0, signal: stop.signal });
    for await (const batch of feed) {
      for (const { seq } of batch) {
        seen.push(seq);
        if (--left === 0) break;
      }
      if (left === 0 || seen.length >= written) stop.abort();
      if (left === 0) break;
    }
  }
  await writer;
  expect(seen).toEqual(Array.from({ length: written }, (_, i) => i + 1));
  expect(run.hub.followers).toBe(0);
});

test('a client that does not read holds one batch, and gets all the rest when it reads', async () => {
  const run = await createTestRun();
  await run.tailer.ingest(runId);
  const stop = new AbortController();
  const feed = followRun({ ...fast, db: run.db, hub: run.hub, since: 0, signal: stop.signal, maxBytes: 4096 });
  expect((await feed.next()).value).toHaveLength(1);
  for (let i = 0; i < 20; i++) await appendMetrics(run, 2 + i * 1000, 1000);
  const seen: number[] = [];
  for await (const batch of feed) {
    expect(batch.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(4096);
    seen.push(...batch.map(({ seq }) => seq));
    if (seen.length === 20_000) stop.abort();
  }
  expect(seen).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 2));
});

test('silence is broken by empty batches, and an end in silence leaves nobody behind', async () => {
  const run = await createTestRun();
  await run.tailer.ingest(runId);
  const stop = new AbortController();
  const feed = followRun({ ...fast, db: run.db, hub: run.hub, since: 1, signal: stop.signal });
  expect((await feed.next()).value).toEqual([]);
  expect(run.hub.followers).toBe(1);
  const last = feed.next();
  stop.abort();
  expect((await last).done).toBe(true);
  expect(run.hub.followers).toBe(0);
});

test('a client of several runs holds one batch of them all, and they take turns', async () => {
  const { db } = await createTestRun();
  const hub = new Hub();
  const stop = new AbortController();
  const ids = ['a', 'b', 'c'];
  const since = new Map(ids.map((id) => [id, 0]));
  const feed = followRuns({
    db,
    hub,
    since,
    list: false,
    signal: stop.signal,
    coalesce: 1,
    heartbeat: 20,
    maxBytes: 4096,
  });
  expect((await feed.next()).value).toEqual({ restarted: [], batches: [], changed: [] });
  const count = 200;
  const body = (at: number) => ({ seq: at + 1, type: 'metric', body: metricLine(at + 1) });
  for (const id of ids)
    hub.publish(
      id,
      Array.from({ length: count }, (_, at) => body(at)),
    );
  const seen = new Map(ids.map((id) => [id, 0]));
  const first: string[] = [];
  for await (const { batches } of feed) {
    const bytes = batches.flatMap(({ events }) => events).reduce((sum, event) => sum + event.body.length, 0);
    expect(bytes).toBeLessThanOrEqual(4096);
    for (const { runId: id, after, events } of batches) {
      if (first.length < ids.length) first.push(id);
      expect(after).toBe(seen.get(id));
      seen.set(id, after + events.length);
    }
    if ([...seen.values()].every((seq) => seq === count)) stop.abort();
  }
  expect(first).toEqual(ids);
  expect(hub.followers).toBe(0);
});
