import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { problemSchema } from '#core/api/problem.ts';
import { runCreatedSchema, runDetailSchema, runListSchema } from '#core/run/summary.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';

/** A GET whose answer is left as it came: fetch unpacks. */
function get(sidecar: TestSidecar, path: string, headers: Record<string, string>) {
  return new Promise<{ headers: Record<string, unknown>; body: Buffer; status: number }>((done, failed) => {
    const sent = request({ host: '127.0.0.1', port: sidecar.port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        done({ headers: response.headers, body: Buffer.concat(chunks), status: response.statusCode ?? 0 }),
      );
    });
    sent.once('error', failed);
    sent.end();
  });
}

const posting = (body?: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body }),
});

async function finished(sidecar: TestSidecar): Promise<string> {
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  return id;
}

test('what is made answers 201 with a Location that holds from the address it was asked at', async () => {
  const sidecar = await startTestSidecar('quick');
  const made = await fetch(`${sidecar.url}/runs`, posting('{}'));
  expect(made.status).toBe(201);
  const run = runCreatedSchema.strict().parse(await made.json());
  const at = new URL(made.headers.get('location') ?? '', `${sidecar.url}/runs`);
  expect(at.pathname).toBe(`/runs/${run.id}`);
  // Behind the page's proxy the same words mean the proxy's address.
  expect(new URL(made.headers.get('location') ?? '', 'http://page/api/runs').pathname).toBe(`/api/runs/${run.id}`);
  expect(runDetailSchema.strict().parse(await (await fetch(at)).json()).id).toBe(run.id);
  const forkAt = `${sidecar.url}/runs/${run.id}/fork`;
  const forked = await fetch(forkAt, posting('{}'));
  const child = runCreatedSchema.strict().parse(await forked.json());
  expect(new URL(forked.headers.get('location') ?? '', forkAt).pathname).toBe(`/runs/${child.id}`);
  runListSchema.strict().parse(await (await fetch(`${sidecar.url}/runs`)).json());
});

test('a request without a body makes no run of all defaults; {} does', async () => {
  const sidecar = await startTestSidecar('quick');
  for (const body of [undefined, '', '  ', 'epochs=3', 'null']) {
    const answer = await fetch(`${sidecar.url}/runs`, posting(body));
    expect([body, answer.status]).toEqual([body, 400]);
  }
  expect((await sidecar.json<{ runs: unknown[] }>('/runs')).body.runs).toEqual([]);
  expect((await fetch(`${sidecar.url}/runs`, posting('{}'))).status).toBe(201);
});

test('a path that is there for other methods answers 405 and says for which', async () => {
  const sidecar = await startTestSidecar('quick');
  const cases = [
    ['PUT', '/runs', 'GET, HEAD, PATCH, POST'],
    ['DELETE', '/runs', 'GET, HEAD, PATCH, POST'],
    ['GET', '/runs/01m8nr2yrkfq9rq2vy28cf/cancel', 'POST'],
    ['POST', '/runs/01m8nr2yrkfq9rq2vy28cf/artifacts/checkpoints/best/model.json', 'GET, HEAD'],
    // No run, though the path of a run would take it.
    ['PUT', '/runs/scores', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ] as const;
  for (const [method, path, allow] of cases) {
    const answer = await fetch(sidecar.url + path, { method });
    const { error } = problemSchema.parse(await answer.json());
    expect([path, answer.status, answer.headers.get('allow'), error.code]).toEqual([
      path,
      405,
      allow,
      'method_not_allowed',
    ]);
  }
  const nothing = await fetch(`${sidecar.url}/nothing/here`);
  expect([nothing.status, nothing.headers.get('allow')]).toEqual([404, null]);
});

test('a refusal is JSON with the members of RFC 9457 beside ours, under their media type to who asks for it', async () => {
  const sidecar = await startTestSidecar('quick');
  const path = `${sidecar.url}/runs/01zzzzzzzzzzzzzzzzzzzz`;
  const plain = await fetch(path);
  expect(plain.headers.get('content-type')).toBe('application/json');
  const body: unknown = await plain.json();
  expect(body).toMatchObject({
    error: { code: 'run_not_found', message: expect.any(String) },
    type: 'urn:almanac:error:run_not_found',
    title: 'There is no such thing',
    status: 404,
    detail: (body as { error: { message: string } }).error.message,
  });
  const named = await fetch(path, { headers: { accept: 'application/problem+json, application/json;q=0.5' } });
  expect(named.headers.get('content-type')).toBe('application/problem+json');
  expect(await named.json()).toEqual(body);
  const foreign = await fetch(`${sidecar.url}/runs`, { ...posting('{}'), headers: { origin: 'https://evil.example' } });
  expect(problemSchema.parse(await foreign.json())).toMatchObject({ status: 403, error: { code: 'forbidden' } });
});

describe('gzip', () => {
  test('is for JSON and CSV that we make, and never for the stream, files or their ranges', async () => {
    const sidecar = await startTestSidecar('quick');
    const id = await finished(sidecar);
    const wanting = { 'accept-encoding': 'gzip' };
    for (const path of ['/runs', `/runs/${id}`, `/runs/${id}/metrics?format=csv`, '/openapi.json']) {
      const packed = await get(sidecar, path, wanting);
      expect([path, packed.headers['content-encoding']]).toEqual([path, 'gzip']);
      expect(packed.headers['vary']).toMatch(/accept-encoding/i);
      const plain = await get(sidecar, path, {});
      expect([path, plain.headers['content-encoding']]).toEqual([path, undefined]);
      expect(gunzipSync(packed.body).toString().slice(0, 200)).toBe(plain.body.toString().slice(0, 200));
    }
    const untouched = [`/runs/${id}/stream`, `/runs/${id}/artifacts/config.yaml`, `/runs/${id}/artifacts/run.json`];
    for (const path of untouched) {
      const answer = await get(sidecar, path, wanting);
      expect([path, answer.status, answer.headers['content-encoding']]).toEqual([path, 200, undefined]);
    }
    const part = await get(sidecar, `/runs/${id}/artifacts/run.json`, { ...wanting, range: 'bytes=0-9' });
    expect([part.status, part.body.length, part.headers['content-encoding']]).toEqual([206, 10, undefined]);
  });
});

describe('the stream of a finished run', () => {
  test('ends behind its last event, and says 204 to who has seen that', async () => {
    const sidecar = await startTestSidecar('quick');
    const id = await finished(sidecar);
    const { lastSeq } = (await sidecar.json<{ lastSeq: number }>(`/runs/${id}`)).body;
    const whole = await fetch(`${sidecar.url}/runs/${id}/stream`);
    // Resolves only because the stream ends by itself.
    const seqs = [...(await whole.text()).matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(seqs).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    const again = await fetch(`${sidecar.url}/runs/${id}/stream`, { headers: { 'last-event-id': String(lastSeq) } });
    expect([again.status, await again.text()]).toEqual([204, '']);
    const closed = new Promise<{ code: number; messages: number }>((done) => {
      let messages = 0;
      const socket = new WebSocket(`ws://127.0.0.1:${sidecar.port}/runs/${id}/stream`);
      socket.onmessage = () => messages++;
      socket.onclose = ({ code }) => done({ code, messages });
    });
    expect(await closed).toEqual({ code: 1000, messages: lastSeq });
  });

  test('that is only interrupted goes on, for it may be resumed', async () => {
    const sidecar = await startTestSidecar('crash');
    const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
    const { lastSeq } = await sidecar.until(id, ({ status }) => status === 'interrupted');
    const leave = new AbortController();
    const answer = await fetch(`${sidecar.url}/runs/${id}/stream?since=${lastSeq}`, { signal: leave.signal });
    expect(answer.status).toBe(200);
    leave.abort();
  });
});
