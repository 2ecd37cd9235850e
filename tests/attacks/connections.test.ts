import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#trainer/settings/settings.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { scale } from '#tests/support/scale.ts';
import { holdOpen, longestHold, sendAndReset } from './endurance.ts';
import { each, type Headers, sendBytes, sendRaw } from './wire.ts';
import { attacked, patience, residentBytes } from './attacked.ts';

// Connections made to keep the program from everybody else, or to leave something behind.

const target = attacked();

describe('connections', () => {
  test('an image on any page that asks for engines to be tested anew starts one test, not a hundred', async () => {
    const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
    let probes = 0;
    const began = performance.now();
    const sidecar = await startSidecar(readSettings({ ALMANAC_HOME: home, TRAINER_PORT: '0' }), {
      engines: {
        probe: async (name) => {
          if (name === 'wasm') probes++;
          await sleep(200);
          return { name, available: name === 'wasm', device: 'test', version: '0' };
        },
      },
    });
    try {
      await each(
        Array.from({ length: 100 }, (_, i) => i),
        async (i) => {
          const { status } = await sendRaw(sidecar.port, { target: `/engines?fresh=${i}` });
          expect(status).toBe(200);
        },
        100,
      );
      // The first of all, and one anew; one more for all of five seconds that these requests took.
      expect(probes).toBeLessThanOrEqual(3 + Math.floor((performance.now() - began) / 5000));
    } finally {
      await sidecar.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  test('too many headers, or too long ones, are 431', async () => {
    for (const { port, prefix } of target().servers) {
      const many = (count: number): Headers => Array.from({ length: count }, (_, i) => [`x${i}`, ''] as const);
      expect((await sendRaw(port, { target: `${prefix}/health`, headers: many(50) })).status).toBe(200);
      for (const count of [300, 1000, 2000]) {
        expect([count, (await sendRaw(port, { target: `${prefix}/health`, headers: many(count) })).status]).toEqual([
          count,
          431,
        ]);
      }
      // Node drops what comes after the 2,000th header: an Origin hidden there must not pass.
      const tiny = `${'a:\r\n'.repeat(2100)}`;
      const hidden = `DELETE ${prefix}/runs/${target().run} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${tiny}Origin: http://evil.example\r\n\r\n`;
      expect([403, 431]).toContain((await sendBytes(port, hidden)).status);
      expect(
        (await sendRaw(port, { target: `${prefix}/health`, headers: [['X-Long', 'x'.repeat(40_000)]] })).status,
      ).toBe(431);
      expect([414, 431]).toContain(
        (await sendRaw(port, { target: `${prefix}/runs?search=${'x'.repeat(40_000)}` })).status,
      );
    }
  });

  test('what is no HTTP, or half of it, gets a 400 or nothing', async () => {
    const lines = [
      ...[
        '\0\0\0\0',
        '\x16\x03\x01\x02\x00\x01\x00\x01',
        'GET',
        'GET /',
        'GET / HTTP/9.9\r\n\r\n',
        'GET  / HTTP/1.1\r\n\r\n',
      ],
      ...[
        'get / HTTP/1.1\r\n\r\n',
        'GET / HTTP/1.1\r\nHost\r\n\r\n',
        'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      ],
      ...[
        'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
        'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
        'GET /\x00 HTTP/1.1\r\n\r\n',
      ],
      ...[
        'GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n',
      ],
      ...['GET http:// HTTP/1.1\r\nHost: a\r\n\r\n', 'GET http://[ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ];
    for (const { name, port } of target().servers) {
      await each(lines, async (line) => {
        const { status, body } = await sendBytes(port, line, 1000);
        expect([0, 400, 403, 404, 405, 421, 431, 505], `${name} ${JSON.stringify(line)} ${body}`).toContain(status);
      });
    }
  });

  test('handshakes that are aborted, reset or never finished end nobody and leave nothing behind', async () => {
    const [sidecar, web] = target().servers;
    const handshake = (port: number, path: string, key = 'AAAAAAAAAAAAAAAAAAAAAA==') =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
    const stream = `/runs/${target().run}/stream`;
    const opened = handshake(sidecar.port, stream);
    const resets = async (count: number) => {
      await each(
        Array.from({ length: count }, (_, i) => i),
        async (i) => {
          const bytes = [
            ...[
              opened,
              opened.slice(0, 80),
              handshake(sidecar.port, '/runs'),
              handshake(sidecar.port, stream, 'short'),
            ],
            ...[
              `${opened}\x81\xff\xff\xff\xff\xff`,
              `${opened}${'\x88'.repeat(50)}`,
              opened.replace('websocket', 'h2c'),
            ],
            `GET ${stream} HTTP/1.1\r\nHost: 127.0.0.1:${sidecar.port}\r\n\r\n`,
          ][i % 8];
          await sendAndReset(sidecar.port, bytes, i % 3);
        },
        32,
      );
    };
    await resets(scale(400, 200));
    const before = await residentBytes(target());
    await resets(scale(1600, 400));
    expect((await residentBytes(target())) - before).toBeLessThan(100 << 20);
    expect(target().app.output()).not.toMatch(/EPIPE|ECONNRESET|A request failed/);
    await each(
      Array.from({ length: scale(300, 60) }, (_, i) => i),
      (i) => sendAndReset(web.port, handshake(web.port, i % 2 ? `/api${stream}` : '/'), i % 3),
      32,
    );
    // All that followed the stream have gone, and stay gone: a handshake still on its way may come and go once more.
    const followers = async () =>
      Number(/"followers":(\d+)/.exec((await sendRaw(sidecar.port, { target: '/system' })).body)?.[1]);
    let quiet = 0;
    await expect.poll(async () => (quiet = (await followers()) === 0 ? quiet + 1 : 0)).toBeGreaterThanOrEqual(10);
  });

  test('an upgrade to something else is answered as if it were none', async () => {
    const [sidecar, web] = target().servers;
    for (const { port, prefix } of [sidecar, web]) {
      for (const protocol of ['h2c', 'TLS/1.0', 'foo', 'websocket, foo']) {
        const headers: Headers = [
          ['Connection', 'Upgrade, close'],
          ['Upgrade', protocol],
        ];
        const { status } = await sendRaw(port, { target: `${prefix}/health`, headers });
        expect([prefix, protocol, status]).toEqual([
          prefix,
          protocol,
          expect.toSatisfy((got: number) => got >= 200 && got < 500),
        ]);
      }
    }
  });

  test('hundreds of connections that dawdle keep nobody else waiting', async () => {
    for (const { port, prefix, pid } of target().servers) {
      const openings = [
        `GET ${prefix}/runs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `,
        `POST ${prefix}/runs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"a`,
        '',
      ];
      const sockets = (await Promise.all(openings.map((opening) => holdOpen(port, 170, opening)))).flat();
      try {
        const wait = await longestHold({ port, pid }, `${prefix}/health`, patience, async () => {
          for (let i = 0; i < 30; i++) expect((await sendRaw(port, { target: `${prefix}/runs` })).status).toBe(200);
        });
        expect(wait).toBeLessThan(patience);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    }
  });

  test('a WebSocket that says more than it may is closed', async () => {
    const { trainerPort } = target().app;
    const size = 5000;
    const frame = Buffer.alloc(8 + size);
    frame.set([0x81, 0xfe, size >> 8, size & 255]);
    const closed = await new Promise<boolean>((done) => {
      const socket = connect(trainerPort, '127.0.0.1', () => {
        socket.write(
          `GET /runs/${target().run}/stream HTTP/1.1\r\nHost: 127.0.0.1:${trainerPort}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        );
        // The first that comes is the answer to the handshake.
        socket.once('data', () => socket.write(frame));
      });
      socket.on('error', () => undefined);
      socket.on('close', () => done(true));
      socket.resume();
    });
    expect(closed).toBe(true);
  });
});
