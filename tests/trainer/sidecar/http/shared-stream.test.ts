import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSharedStream, type SharedFrame } from '#tests/support/shared-stream.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';
import { metricLine } from '#tests/support/test-run.ts';

async function create(sidecar: TestSidecar): Promise<string> {
  return (await sidecar.post<{ id: string }>('/runs', {})).body.id;
}

/** Of one run, the events of a stream; each must follow the one before it. */
function eventsOf(frames: readonly SharedFrame[], run: string, since = 0) {
  const events = frames.flatMap((frame) => (frame.kind === 'event' && frame.run === run ? [frame] : []));
  let before = since;
  for (const { after, event } of events) {
    expect(after).toBe(before);
    expect(event.seq).toBeGreaterThan(after);
    before = event.seq;
  }
  return events.map(({ event }) => event);
}

test('one connection gives the events of several runs, goes on when one of them has ended, and names those that are not', async () => {
  const sidecar = await startTestSidecar('quick', undefined, { ALMANAC_CONCURRENCY: '1' });
  const [first, second] = [await create(sidecar), await create(sidecar)];
  await sidecar.until(first, ({ lastSeq }) => lastSeq >= 2);
  const missing = '01zzzzzzzzzzzzzzzzzzzz';
  const at = `${sidecar.url}/stream?runs=${first}:2,${missing}:0,${second}:0`;
  const isOver = (id: string) => (frame: SharedFrame) =>
    frame.kind === 'event' && frame.run === id && frame.event.type === 'status' && frame.event.state === 'completed';
  const ended = new Set<string>();
  const frames = await readSharedStream(at, (frame) => {
    expect(sidecar.workspace.hub.followers).toBe(1);
    for (const id of [first, second]) if (isOver(id)(frame)) ended.add(id);
    return ended.size === 2;
  });
  expect(frames.filter(({ kind }) => kind === 'gone')).toEqual([{ kind: 'gone', run: missing }]);
  for (const [id, since] of [
    [first, 2],
    [second, 0],
  ] as const) {
    const stored = await sidecar.json<{ items: object[] }>(`/runs/${id}/events?since=${since}&limit=5000`);
    expect(eventsOf(frames, id, since)).toEqual(stored.body.items);
  }
  await expect.poll(() => sidecar.workspace.hub.followers).toBe(0);
});

test('a cancelled run that is resumed goes on in the same connection', async () => {
  const sidecar = await startTestSidecar('steady');
  const id = await create(sidecar);
  await sidecar.until(id, ({ status }) => status === 'running');
  const acts: Promise<unknown>[] = [];
  const isState = (frame: SharedFrame, state: string) =>
    frame.kind === 'event' && frame.event.type === 'status' && frame.event.state === state;
  const frames = await readSharedStream(`${sidecar.url}/stream?runs=${id}:0`, (frame, all) => {
    if (isState(frame, 'running')) acts.push(sidecar.post(`/runs/${id}/cancel`));
    if (isState(frame, 'cancelled')) {
      acts.push(
        sidecar.until(id, ({ status }) => status === 'cancelled').then(() => sidecar.post(`/runs/${id}/resume`)),
      );
    }
    return isState(frame, 'queued') && all.length > 1;
  });
  await Promise.all(acts);
  expect(eventsOf(frames, id).filter(({ type }) => type === 'status')).toMatchObject(
    ['queued', 'starting', 'running', 'cancelled', 'queued'].map((state) => ({ state })),
  );
});

test('a line that could not be read leaves no silent gap: the event behind it says which one it follows', async () => {
  const sidecar = await startTestSidecar('quick');
  const id = await create(sidecar);
  const { lastSeq } = await sidecar.until(id, ({ status }) => status === 'completed');
  const lines = [`{"seq":${lastSeq + 1},"torn`, metricLine(lastSeq + 2)].map((line) => `${line}\n`).join('');
  appendFileSync(join(sidecar.runs, id, 'events.jsonl'), lines);
  await sidecar.post('/system/reindex');
  const [frame] = await readSharedStream(`${sidecar.url}/stream?runs=${id}:${lastSeq}`, () => true);
  expect(frame).toMatchObject({ kind: 'event', after: lastSeq, event: { seq: lastSeq + 2 } });
});

test('whoever follows the list is told of runs that come, move, are labelled and go, and of nothing else', async () => {
  const sidecar = await startTestSidecar('quick');
  const told: string[] = [];
  let id = '';
  const steps = [
    async () => void (id = await create(sidecar)),
    async () => {
      await sidecar.until(id, ({ status }) => status === 'completed');
      told.length = 0;
      const labelled = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"tags":["kept"]}' };
      await sidecar.json(`/runs/${id}`, labelled);
    },
    async () => void (await sidecar.json(`/runs/${id}`, { method: 'DELETE' })),
  ];
  const following = readSharedStream(`${sidecar.url}/stream?list=true`, (frame) => {
    expect(frame.kind).toBe('list');
    if (frame.kind === 'list') told.push(...frame.changed);
    return steps.length === 0 && told.length > 0;
  });
  await expect.poll(() => sidecar.workspace.hub.followers).toBe(1);
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    told.length = 0;
    await step();
    await expect.poll(() => told).toContain(id);
  }
  await sidecar.json('/runs');
  await following.catch(() => undefined);
});

test('the result of a sealed test is withheld here too', async () => {
  const sidecar = await startTestSidecar('scored');
  const id = await create(sidecar);
  const { lastSeq } = await sidecar.until(id, ({ status }) => status === 'completed');
  const frames = await readSharedStream(
    `${sidecar.url}/stream?runs=${id}:0`,
    (frame) => frame.kind === 'event' && frame.event.seq === lastSeq,
  );
  expect(JSON.stringify(frames)).not.toContain('0.987654');
  expect(eventsOf(frames, id).filter((event) => 'sealed' in event)).toHaveLength(1);
});

test('asks that cannot be followed are refused with what was expected', async () => {
  const sidecar = await startTestSidecar('quick');
  const run = (at: number) => `01aaaaaaaaaaaaaaaaa${String(at).padStart(3, '0')}:0`;
  const many = Array.from({ length: 101 }, (_, at) => run(at));
  for (const [asked, expected] of [
    ['runs=nothing', 'expected <id>:<seq>'],
    [`runs=${run(1)},`, 'expected <id>:<seq>'],
    [`runs=${run(1)},${run(1)}`, 'expected each run once'],
    [`runs=${many.join(',')}`, 'expected 100 runs at most'],
    ['list=yes', 'list'],
  ] as const) {
    const { status, body } = await sidecar.json<{ error: { message: string } }>(`/stream?${asked}`);
    expect([asked, status]).toEqual([asked, 400]);
    expect(body.error.message).toContain(expected);
  }
  for (const nothing of ['', 'runs=']) expect((await fetch(`${sidecar.url}/stream?${nothing}`)).status).toBe(204);
  const all = await fetch(`${sidecar.url}/stream?runs=${many.slice(1).join(',')}`);
  expect([all.status, all.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  await all.body?.cancel();
});
