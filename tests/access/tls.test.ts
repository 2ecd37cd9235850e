import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pinnedFetch } from '#access/pinned-fetch.ts';
import { readCertificate, readTls } from '#access/tls-files.ts';
import { selfSigned, writeSelfSigned } from '#tests/support/self-signed.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

test('certificate and key are read where they belong together; else one sentence names the file', () => {
  const folder = temporaryFolder();
  const paths = writeSelfSigned(folder, 'almanac.example');
  expect(readTls(paths).cert.toString()).toContain('BEGIN CERTIFICATE');
  const other = join(folder, 'other.pem');
  writeFileSync(other, selfSigned('almanac.example').key);
  const rubbish = join(folder, 'rubbish.pem');
  writeFileSync(rubbish, 'rubbish');
  const missing = join(folder, 'missing.pem');
  for (const [files, sentence] of [
    [{ ...paths, cert: missing }, `ALMANAC_TLS_CERT: ${missing} cannot be read (ENOENT).`],
    [{ ...paths, key: missing }, `ALMANAC_TLS_KEY: ${missing} cannot be read (ENOENT).`],
    [{ ...paths, cert: folder }, `ALMANAC_TLS_CERT: ${folder} cannot be read (EISDIR).`],
    [{ ...paths, cert: rubbish }, `ALMANAC_TLS_CERT: ${rubbish} holds no certificate`],
    [{ ...paths, cert: paths.key }, `ALMANAC_TLS_CERT: ${paths.key} holds no certificate`],
    [{ ...paths, key: rubbish }, `ALMANAC_TLS_KEY: ${rubbish} holds no key`],
    [{ ...paths, key: other }, `ALMANAC_TLS_KEY: ${other} is not the key of the certificate in ${paths.cert}`],
  ] as const) {
    expect(() => readTls(files), sentence).toThrow(sentence);
  }
});

test('our own programs trust our certificate under any address, and no other under its name', async () => {
  const pair = selfSigned('almanac.example');
  const seen: string[] = [];
  const server = createServer(pair, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    let size = 0;
    request.on('data', (chunk: Buffer) => (size += chunk.length));
    request.on('end', () => {
      response.statusCode = request.url === '/none' ? 204 : 201;
      response.setHeader('X-Seen', String(request.headers['x-sent']));
      response.end(request.url === '/none' ? undefined : `got ${size}`);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close().closeAllConnections());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = temporaryFolder();
  const send = pinnedFetch(readCertificate(writeSelfSigned(folder).cert));
  await expect(send(`${url}/secret`, { headers: { authorization: 'Bearer x' } })).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { code: 'CERTIFICATE_NOT_OURS' },
  });
  expect(seen).toEqual([]);

  const ours = pinnedFetch(Buffer.from(pair.cert));
  const answer = await ours(`${url}/a?b=1`, { method: 'POST', body: 'x'.repeat(100_000), headers: { 'x-sent': 'me' } });
  expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([201, 'me', 'got 100000']);
  expect((await ours(`${url}/none`)).status).toBe(204);
  expect((await ours(`${url}/`, { method: 'HEAD' })).status).toBe(201);
  expect(seen).toEqual(['POST /a?b=1', 'GET /none', 'HEAD /']);
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(ours(`${url}/late`, { signal: stopped })).rejects.toThrow();
});
