import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { followRun } from '#tests/support/follow-run.ts';
import { isEnd, readStream } from '#tests/support/read-stream.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';
import { metricLine } from '#tests/support/test-run.ts';
import { toFrames } from '#trainer/sidecar/http/stream.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are held, not merely not yet collected. */
function memoryInUse(): number {
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

async function completedRun(): Promise<{ sidecar: TestSidecar; id: string; url: string }> {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  return { sidecar, id, url: `${sidecar.url}/runs/${id}/stream` };
}

test('a stream goes on after Last-Event-ID, which wins over since, and refuses what is no seq', async () => {
  const { url } = await completedRun();
  const all = await readStream(url, isEnd);
  expect(all.map(({ id }) => Number(id))).toEqual(all.map((_, index) => index + 1));
  expect((await readStream(`${url}?since=5`, isEnd)).map(({ id }) => id)).toEqual(all.slice(5).map(({ id }) => id));
  const resumed = await readStream(`${url}?since=5`, isEnd, { 'last-event-id': '9' });
  expect(resumed).toEqual(all.slice(9));
  for (const since of ['-1', 'x', '1e3', '9'.repeat(30)]) {
    expect((await fetch(`${url}?since=${since}`)).status).toBe(400);
  }
  const head = await fetch(url);
  await head.body?.cancel();
  expect(head.headers.get('content-type')).toContain('text/event-stream');
  expect(head.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(head.headers.get('x-accel-buffering')).toBe('no');
});

test('a WebSocket gets the same JSON, and a foreign page gets none', async () => {
  const { sidecar, id, url } = await completedRun();
  const frames = await readStream(url, isEnd);
  const address = `ws://127.0.0.1:${sidecar.port}/runs/${id}/stream`;
  const messages: string[] = [];
  const socket = new WebSocket(`${address}?since=2`);
  await new Promise<void>((done, failed) => {
    socket.on('message', (data) => {
      messages.push(String(data));
      if (messages.length === frames.length - 2) done();
    });
    socket.once('error', failed);
  });
  socket.close();
  expect(messages).toEqual(frames.slice(2).map(({ data }) => data));
  const refused = async (target: string, options: { origin?: string; headers?: Record<string, string> } = {}) =>
    new Promise<number>((done) => {
      const foreign = new WebSocket(target, options);
      foreign.once('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
      foreign.once('open', () => done(101));
      foreign.once('error', () => undefined);
    });
  expect(await refused(address, { origin: 'http://evil.example' })).toBe(403);
  expect(await refused(address, { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
  expect(await refused(address, { headers: { host: 'evil.example' } })).toBe(421);
  expect(await refused(`ws://127.0.0.1:${sidecar.port}/runs/01zzzzzzzzzzzzzzzzzzzz/stream`)).toBe(404);
  expect(await refused(`${address}?since=x`)).toBe(400);
});

test('connections that come and go leave nobody following', async () => {
  const { sidecar, id, url } = await completedRun();
  for (let i = 0; i < 50; i++) {
    const socket = connect(sidecar.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET /runs/${id}/stream HTTP/1.1\r\nHost: 127.0.0.1:${sidecar.port}\r\n\r\n`);
    if (i % 2 === 0) socket.once('data', () => socket.destroy());
    else socket.once('data', () => socket.resetAndDestroy());
  }
  await readStream(url, isEnd);
  await expect.poll(() => sidecar.workspace.hub.followers).toBe(0);
});

test('clients that never read 40 MB do not fill the memory of the sidecar', async () => {
  const { sidecar, id } = await completedRun();
  const { lastSeq } = await sidecar.until(id, () => true);
  const filler = 'x'.repeat(2000);
  for (let block = 0; block < 10; block++) {
    const lines = Array.from({ length: 2000 }, (_, i) => `${metricLine(lastSeq + 1 + block * 2000 + i, filler)}\n`);
    appendFileSync(join(sidecar.runs, id, 'events.jsonl'), lines.join(''));
  }
  await sidecar.post('/system/reindex');
  const before = memoryInUse();
  const sockets = Array.from({ length: 10 }, () => {
    const socket = connect(sidecar.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET /runs/${id}/stream HTTP/1.1\r\nHost: 127.0.0.1:${sidecar.port}\r\n\r\n`);
    return socket;
  });
  await expect.poll(() => sidecar.workspace.hub.followers).toBe(10);
  // One that reads gets all of it, and comes back where it is too slow and cut off; in that time the others are offered as
  // much, and what is held for them is looked at.
  let read = 0;
  let held = -Infinity;
  let inOrder = true;
  while (read < lastSeq + 20_000) {
    const stop = new AbortController();
    await followRun(
      sidecar.url,
      id,
      read,
      ({ seq }) => {
        inOrder &&= seq === ++read;
        if (seq % 2000 === 0) held = Math.max(held, memoryInUse() - before);
        if (seq === lastSeq + 20_000) stop.abort();
      },
      stop.signal,
    ).catch(() => undefined);
  }
  expect(read).toBe(lastSeq + 20_000);
  expect(inOrder).toBe(true);
  expect(held).toBeLessThan(128 << 20);
  for (const socket of sockets) socket.destroy();
});

test('whatever a name holds, a frame is one frame', () => {
  const names = ['a\n\ndata: x', 'b\rid: 9', 'c\u2028d', "'", '**', '\0'];
  const batch = names.map((name, i) => ({ seq: i + 1, type: 'metric', body: metricLine(i + 1, name) }));
  const frames = toFrames(batch).split('\n\n').slice(0, -1);
  expect(frames).toHaveLength(names.length);
  expect(frames.map((frame) => frame.split('\n').length)).toEqual(names.map(() => 3));
  expect(toFrames(batch)).not.toContain('\r');
});
