import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { lingerOnClose } from '#trainer/linger.ts';

/** A server that refuses every request before it has read its body. */
async function refusing(): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(413).end('too much'));
  lingerOnClose(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 8388608\r\n\r\n';

test('a refusal reaches a client that sends all it has before it reads', async () => {
  const socket = connect(await refusing(), '127.0.0.1');
  const closed = new Promise((done) => socket.once('close', done));
  let broken: Error | undefined;
  let read = '';
  socket.on('error', (error) => (broken = error));
  socket.on('data', (chunk) => (read += String(chunk)));
  socket.pause();
  socket.write(head);
  for (let sent = 0; sent < 32 && broken === undefined; sent++) {
    socket.write(Buffer.alloc(1 << 18, 'x'));
    await sleep(5);
  }
  socket.resume();
  await closed;
  expect(broken).toBeUndefined();
  expect(read).toMatch(/^HTTP\/1\.1 413 [^]*too much/);
});

test('a client that never ends its side does not keep the connection', async () => {
  const socket = connect({ port: await refusing(), host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise((done) => socket.once('close', done));
  socket.on('error', () => undefined);
  socket.write(head);
  socket.resume();
  await new Promise((done) => socket.once('end', done));
  // It sends on until it is told that nobody is there.
  const sending = setInterval(() => socket.write('x'), 100);
  await closed;
  clearInterval(sending);
});
