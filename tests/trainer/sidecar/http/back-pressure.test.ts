import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { bodyStream } from '#trainer/sidecar/http/body-stream.ts';
import { compressAnswers } from '#trainer/sidecar/http/compression.ts';
import { zipCheckpoint } from '#trainer/sidecar/runs/checkpoint-zip.ts';

const mebibyte = 1 << 20;

/** Makes bodies of 64 MB; `made` counts the bytes of them that have been asked for. */
function bodies() {
  const made = { text: 0, zip: 0 };
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'checkpoints', 'big'), { recursive: true });
  for (const name of ['weights.bin', 'manifest.json']) writeFileSync(join(folder, 'checkpoints', 'big', name), '');
  truncateSync(join(folder, 'checkpoints', 'big', 'weights.bin'), 64 * mebibyte);
  async function* text(): AsyncGenerator<string, void, void> {
    for (let piece = 0; piece < 1024; piece++) {
      made.text += 64 * 1024;
      // Hardly compressible.
      yield Array.from({ length: 8192 }, () => Math.random().toString(36).slice(2, 10))
        .join('')
        .padEnd(65_536, '.');
    }
  }
  const app = new Hono()
    .use(compressAnswers)
    .get('/text', (c) => c.body(bodyStream(text()), 200, { 'Content-Type': 'text/csv' }))
    .get('/zip', async (c) => {
      const { stream } = await zipCheckpoint(folder, 'big');
      const reader = stream.getReader();
      const counted = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const { value, done } = await reader.read();
            if (done) return controller.close();
            made.zip += value.length;
            controller.enqueue(value);
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
      return c.body(counted as ReadableStream<Uint8Array<ArrayBuffer>>, 200);
    });
  return { app, made };
}

async function listen(app: Hono): Promise<{ port: number; accepted: Socket[] }> {
  const accepted: Socket[] = [];
  const server = await new Promise<Server>((done) => {
    const made = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => done(made as Server));
  });
  server.on('connection', (socket) => accepted.push(socket));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, accepted };
}

/** Resolves when a figure has stopped growing. */
async function settled(figure: () => number): Promise<void> {
  for (let [before, same] = [-1, 0]; same < 10;) {
    await new Promise((wake) => setTimeout(wake, 50));
    same = figure() === before && before > 0 ? same + 1 : 0;
    before = figure();
  }
}

test.each([
  ['text', 'identity'],
  ['text', 'gzip'],
  ['zip', 'identity'],
] as const)('of 64 MB of %s (%s) a client that does not read is held 2 MB at most', async (name, encoding) => {
  const { app, made } = bodies();
  const { port, accepted } = await listen(app as unknown as Hono);
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  client.pause();
  client.write(`GET /${name} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
  await settled(() => made[name]);
  // What the kernel took is in its buffers, and not in ours.
  const [socket] = accepted;
  const taken = socket.bytesWritten - socket.writableLength;
  expect(made[name]).toBeLessThan(40 * mebibyte);
  if (encoding === 'identity') expect(made[name] - taken).toBeLessThan(2 * mebibyte);
  else expect(socket.writableLength).toBeLessThan(2 * mebibyte);
  client.destroy();
});
