import { describe, expect, it } from 'vitest';
import { forward } from '#lib/server/proxy.ts';

type Send = typeof fetch;
const at = (send: Send) => ({ url: 'http://127.0.0.1:4318', send });

describe('proxy to the sidecar', () => {
  it('forwards path, query, method and body, and drops what belongs to one hop', async () => {
    let seen: { url: string; init: RequestInit } | undefined;
    const request = new Request('http://127.0.0.1:4317/api/runs?x=1', {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', connection: 'keep-alive', 'last-event-id': '7' },
    });
    const answer = await forward(
      request,
      '/runs/a%2Fb?x=1',
      at(async (url, init) => {
        seen = { url: String(url), init: init ?? {} };
        return new Response('ok', { status: 201, headers: { 'x-a': 'b', 'transfer-encoding': 'chunked' } });
      }),
    );
    expect(seen?.url).toBe('http://127.0.0.1:4318/runs/a%2Fb?x=1');
    expect(seen?.init.method).toBe('POST');
    const headers = new Headers(seen?.init.headers);
    expect(headers.get('last-event-id')).toBe('7');
    expect(headers.has('connection')).toBe(false);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-a')).toBe('b');
    expect(answer.headers.has('transfer-encoding')).toBe(false);
  });

  it('hands the stream on as it comes and ends it when the client goes', async () => {
    const client = new AbortController();
    let signal: AbortSignal | null | undefined;
    const encoder = new TextEncoder();
    const request = new Request('http://127.0.0.1:4317/api/runs/x/stream', { signal: client.signal });
    const answer = await forward(
      request,
      '/runs/x/stream',
      at(async (_url, init) => {
        signal = init?.signal;
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(encoder.encode('id: 1\n\n')),
        });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      }),
    );
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('id: 1\n\n');
    client.abort();
    expect(signal?.aborted).toBe(true);
  });

  it('packs JSON for a browser that takes gzip, and leaves streams, files and other clients alone', async () => {
    const runs = JSON.stringify({ runs: Array.from({ length: 50 }, (_, number) => ({ number })) });
    const ask = (path: string, type: string, accept: string) =>
      forward(
        new Request(`http://127.0.0.1:4317/api${path}`, { headers: { 'accept-encoding': accept } }),
        path,
        at(async () => new Response(runs, { headers: { 'content-type': type } })),
      );
    const answer = await ask('/runs', 'application/json', 'gzip, deflate, br');
    expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
    const unpacked = answer.body?.pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(unpacked).text()).toBe(runs);
    for (const [path, type, accept] of [
      ['/runs', 'application/json', 'br'],
      ['/runs', 'application/json', 'gzip;q=0'],
      ['/runs/x/stream', 'text/event-stream', 'gzip'],
      ['/stream', 'text/event-stream', 'gzip'],
      ['/runs/x/artifacts/run.json', 'application/json', 'gzip'],
    ] as const) {
      const plain = await ask(path, type, accept);
      expect([path, accept, plain.headers.get('content-encoding')]).toEqual([path, accept, null]);
      expect(await plain.text()).toBe(runs);
    }
  });

  it('says in words that the sidecar does not answer', async () => {
    const request = new Request('http://127.0.0.1:4317/api/runs');
    const answer = await forward(
      request,
      '/runs',
      at(async () => {
        throw new TypeError('fetch failed');
      }),
    );
    expect(answer.status).toBe(503);
    expect((await answer.json()).error.message).toContain('4318');
  });
});
