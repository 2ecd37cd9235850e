import { mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';
import { parseRange } from '#trainer/sidecar/http/range.ts';

async function runWith(files: Record<string, string>): Promise<{ sidecar: TestSidecar; url: string; path: string }> {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(sidecar.runs, id, name), text);
  return { sidecar, url: `${sidecar.url}/runs/${id}/artifacts`, path: `/runs/${id}/artifacts` };
}

test('a file is only ever saved: its headers let no browser show it', async () => {
  const { url } = await runWith({ 'page.html': '<script>alert(1)</script>', 'x.svg': '<svg/>', 'ä b.csv': 'a' });
  for (const name of ['page.html', 'x.svg', encodeURIComponent('ä b.csv'), 'events.jsonl']) {
    const response = await fetch(`${url}/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('content-type')).not.toMatch(/html|svg|xml/);
    await response.body?.cancel();
  }
});

test('a file is saved under the number of its run, so that those of two runs do not get mixed up', async () => {
  const { url } = await runWith({ 'x.csv': 'a' });
  const response = await fetch(`${url}/x.csv`, { method: 'HEAD' });
  expect(response.headers.get('content-disposition')).toContain('filename="R1-x.csv"');
});

test('ranges are answered, and a changed file is not mixed with its old self', async () => {
  const { url } = await runWith({ 'digits.csv': '0123456789' });
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}/digits.csv`, { headers });
    return [response.status, await response.text(), response.headers.get('content-range')];
  };
  expect(await ask({ range: 'bytes=2-4' })).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await ask({ range: 'bytes=7-' })).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask({ range: 'bytes=-3' })).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask({ range: 'bytes=10-' })).toEqual([416, '', 'bytes */10']);
  expect(await ask({ range: 'bytes=0-1', 'if-range': '"other"' })).toEqual([200, '0123456789', null]);
  const head = await fetch(`${url}/digits.csv`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  const tag = head.headers.get('etag') ?? '';
  expect((await fetch(`${url}/digits.csv`, { headers: { 'if-none-match': tag } })).status).toBe(304);
});

test('a checkpoint is a zip of its files as they are, and says how long it is', async () => {
  const { sidecar, url, path } = await runWith({});
  const folder = join(sidecar.runs, path.split('/')[2], 'checkpoints', 'mine');
  mkdirSync(folder, { recursive: true });
  const weights = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 251));
  for (const [name, bytes] of Object.entries({ 'weights.bin': weights, 'manifest.json': '{}', 'empty.bin': '' }))
    writeFileSync(join(folder, name), bytes);
  const head = await fetch(`${url}/checkpoints/mine?archive=zip`, { method: 'HEAD' });
  const zip = await fetch(`${url}/checkpoints/mine?archive=zip`);
  const bytes = new Uint8Array(await zip.arrayBuffer());
  expect([head.status, zip.status]).toEqual([200, 200]);
  expect([head, zip].map(({ headers }) => headers.get('content-length'))).toEqual([
    String(bytes.length),
    String(bytes.length),
  ]);
  const files = unzipSync(bytes);
  expect(Object.keys(files).sort()).toEqual(['mine/empty.bin', 'mine/manifest.json', 'mine/weights.bin']);
  expect(Buffer.from(files['mine/weights.bin']).equals(weights)).toBe(true);
  expect((await fetch(`${url}/checkpoints/none?archive=zip`)).status).toBe(404);
});

test('who leaves in the middle of a zip leaves no file open', { skip: process.platform !== 'linux' }, async () => {
  const { sidecar, url, path } = await runWith({});
  const folder = join(sidecar.runs, path.split('/')[2], 'checkpoints', 'big');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'weights.bin'), '');
  truncateSync(join(folder, 'weights.bin'), 64 << 20);
  for (let i = 0; i < 5; i++) {
    const left = new AbortController();
    const response = await fetch(`${url}/checkpoints/big?archive=zip`, { signal: left.signal });
    await response.body?.getReader().read();
    left.abort();
  }
  await expect.poll(() => openFilesUnder(folder)).toEqual([]);
});

/** Of this process. */
function openFilesUnder(folder: string): readonly string[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
  return files.filter((file) => file.startsWith(folder));
}

test('paths that lead elsewhere are 404 with nothing of this machine in the answer', async () => {
  const { sidecar, path } = await runWith({});
  const paths = [
    ...['..%2f..%2falmanac.db', '%2e%2e/%2e%2e/almanac.db', '..%5c..%5calmanac.db', '%2fetc%2fpasswd', 'a%00b', '%ff'],
    ...[
      '....//....//almanac.db',
      'control.json',
      'checkpoints',
      'checkpoints/..%2f..%2fevents.jsonl',
      '%252e%252e%252falmanac.db',
    ],
  ];
  for (const each of paths) {
    const [status, body] = await new Promise<[number, string]>((done, failed) => {
      const sent = request({ host: '127.0.0.1', port: sidecar.port, path: `${path}/${each}` }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.once('end', () => done([response.statusCode ?? 0, text]));
      });
      sent.once('error', failed);
      sent.end();
    });
    expect([each, status]).toEqual([each, 404]);
    expect(body).not.toContain(sidecar.home);
    expect(body).not.toContain('SQLite');
  }
});

test('a range is read as it is meant', () => {
  expect(parseRange(undefined, 10)).toBeNull();
  expect(parseRange('bytes=0-0', 10)).toEqual({ start: 0, end: 0 });
  expect(parseRange('bytes=5-99', 10)).toEqual({ start: 5, end: 9 });
  expect(parseRange('bytes=-99', 10)).toEqual({ start: 0, end: 9 });
  expect(parseRange('bytes=4-2', 10)).toBeNull();
  expect(parseRange('bytes=0-1,3-4', 10)).toBeNull();
  expect(parseRange('bytes=-', 10)).toBeNull();
  expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable');
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
});
