import { request } from 'node:http';
import { connect } from 'node:net';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

interface Refusal {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly issues?: { path: string; message: string }[];
  };
}

function runFolders(sidecar: TestSidecar): readonly string[] {
  return readdirSync(sidecar.runs).filter((name) => /^[0-9a-z]{10,}$/.test(name) || name.includes('.tmp'));
}

/** A request with headers that fetch would not let through; answers its status. */
function raw(
  sidecar: TestSidecar,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<number> {
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port: sidecar.port, method, path, headers }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode ?? 0));
    });
    sent.once('error', failed);
    sent.end(body);
  });
}

test('every change from another site is refused, whatever the method and the type, and no run is made', async () => {
  const sidecar = await startTestSidecar('steady');
  const json = { 'content-type': 'application/json', 'content-length': '2' };
  const foreign: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `https://127.0.0.1:${sidecar.port}` },
    { origin: `http://127.0.0.1:${sidecar.port + 1}` },
    { origin: `http://127.0.0.1.evil.example:${sidecar.port}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  const paths = [
    ['POST', '/runs'],
    ['POST', '/runs/01aaaaaaaaaaaaaaaaaaaa/cancel'],
    ['DELETE', '/runs/01aaaaaaaaaaaaaaaaaaaa'],
    ['PATCH', '/runs/01aaaaaaaaaaaaaaaaaaaa'],
    ['PUT', '/runs'],
    ['POST', '/data/inspect'],
    ['POST', '/system/reindex'],
  ];
  for (const [method, path] of paths) {
    for (const headers of foreign) {
      expect([method, path, headers, await raw(sidecar, method, path, { ...json, ...headers }, '{}')]).toEqual([
        method,
        path,
        headers,
        403,
      ]);
    }
  }
  for (const type of [
    'text/plain',
    'TEXT/PLAIN',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    '',
  ]) {
    const headers: Record<string, string> = { 'content-length': '2' };
    if (type !== '') headers['content-type'] = type;
    expect([type, await raw(sidecar, 'POST', '/runs', headers, '{}')]).toEqual([type, 415]);
  }
  expect(runFolders(sidecar)).toEqual([]);
});

test('only our own names are answered to', async () => {
  const sidecar = await startTestSidecar('steady');
  for (const host of ['evil.example', `evil.example:${sidecar.port}`, '127.0.0.1.nip.io', '127.0.0.1:1']) {
    expect([host, await raw(sidecar, 'GET', '/runs', { host })]).toEqual([host, 421]);
  }
  expect(await raw(sidecar, 'GET', 'http://evil.example/runs', { host: `127.0.0.1:${sidecar.port}` })).toBe(421);
  expect([400, 421]).toContain(await raw(sidecar, 'GET', '//evil.example/runs', { host: `127.0.0.1:${sidecar.port}` }));
  expect(await raw(sidecar, 'GET', '/runs', { host: `localhost:${sidecar.port}` })).toBe(200);
  const two = await new Promise<string>((done, failed) => {
    const socket = connect(sidecar.port, '127.0.0.1', () => {
      const host = `Host: 127.0.0.1:${sidecar.port}\r\n`;
      socket.write(`GET /runs HTTP/1.1\r\n${host}${host}Connection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.once('close', () => done(text));
    socket.once('error', failed);
  });
  expect(two).toMatch(/^HTTP\/1\.1 400 /);
});

test('bad bodies get a 4xx that says what was expected, and no run', async () => {
  const sidecar = await startTestSidecar('steady');
  const send = async (body: string) => {
    const response = await fetch(`${sidecar.url}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, ...((await response.json()) as Refusal) };
  };
  expect(await send('{"overrides":')).toMatchObject({ status: 400, error: { code: 'invalid_request' } });
  expect((await send('['.repeat(50_000) + ']'.repeat(50_000))).status).toBe(400);
  expect((await send('[]')).status).toBe(400);
  const unknown = await send('{"overides":["train.epochs=1"]}');
  expect([unknown.status, unknown.error.message]).toEqual([400, expect.stringContaining('overides')]);
  expect((await send(JSON.stringify({ source: 'x'.repeat(5 << 20) }))).status).toBe(413);
  const config = await send(JSON.stringify({ config: { train: { epochs: 0 }, modle: {} } }));
  expect(config.status).toBe(422);
  expect(config.error.issues?.map(({ path }) => path).sort()).toEqual(['modle', 'train.epochs']);
  const key = await send(JSON.stringify({ overrides: ['train.epocs=3'] }));
  expect([key.status, key.error.code, key.error.message]).toEqual([
    422,
    'invalid_override',
    expect.stringContaining('train.epochs'),
  ]);
  expect((await send(JSON.stringify({ notebook: '../../etc/passwd' }))).status).toBe(404);
  expect((await send(JSON.stringify({ source: '```yaml data\nsource: [\n```\n' }))).status).toBe(422);
  for (const source of [
    '/etc/passwd',
    '../secret.csv',
    'http://evil.example/x.csv',
    'file:///etc/passwd',
    'missing.csv',
    'a\0.csv',
  ]) {
    const answer = await send(JSON.stringify({ config: { data: { source } } }));
    expect([source, answer.status]).toEqual([source, 422]);
    expect(JSON.stringify(answer)).not.toContain(sidecar.home);
  }
  expect(runFolders(sidecar)).toEqual([]);
  expect(sidecar.warnings).toEqual([]);
});

test('the flat keys of the older dashboard make a run', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'notebooks', 'data'));
  writeFileSync(
    join(home, 'notebooks', 'data', 'example.csv'),
    'time,open,high,low,close\n2024-01-01T00:00:00Z,1,1,1,1\n',
  );
  const sidecar = await startTestSidecar('steady', home);
  const config = {
    data_source: './data/example.csv',
    timeframes: ['1m', '15m', '1h'],
    variant: 'base',
    max_epochs: 50,
  };
  const { status, body } = await sidecar.post<{
    config: { train: { epochs: number }; features: { timeframes: object } };
  }>('/runs', { config });
  expect(status).toBe(201);
  expect(body.config.train.epochs).toBe(50);
  expect(Object.keys(body.config.features.timeframes)).toEqual(['1m', '15m', '1h']);
});

test('an Idempotency-Key makes one run however often it comes, and refuses another body', async () => {
  const home = temporaryHome();
  const sidecar = await startTestSidecar('steady', home);
  const body = { overrides: ['train.epochs=3'] };
  const send = (to: TestSidecar, what: object) =>
    to.post<{ id: string } & Refusal>('/runs', what, { 'idempotency-key': 'key-1' });
  const together = await Promise.all(Array.from({ length: 20 }, () => send(sidecar, body)));
  const made = together.filter(({ status }) => status === 201);
  expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
  expect(together.every(({ status }) => status === 201 || status === 409)).toBe(true);
  const again = await send(sidecar, body);
  expect(again.body).toEqual(made[0].body);
  expect((await send(sidecar, { overrides: ['train.epochs=4'] })).status).toBe(422);
  await sidecar.post('/runs/' + again.body.id + '/cancel');
  await sidecar.until(again.body.id, ({ status }) => status === 'cancelled');
  await sidecar.post('/system/reindex');
  expect((await send(sidecar, body)).body.id).toBe(again.body.id);
  expect(runFolders(sidecar)).toEqual([again.body.id]);
  // Its folder may be in the bin when the request comes once more.
  expect((await fetch(`${sidecar.url}/runs/${again.body.id}`, { method: 'DELETE' })).ok).toBe(true);
  expect(await send(sidecar, body)).toMatchObject({ status: 201, body: { id: again.body.id, warnings: [] } });
});

test('a fork changes the keys that were edited, keeps the rest, and leaves the folder of its parent as it was', async () => {
  const sidecar = await startTestSidecar('quick');
  const source = '# Two cells\n\n```yaml model\nlookback: 32\n```\n\n```yaml train\nepochs: 4 # few\n```\n';
  const parent = (
    await sidecar.post<{ id: string }>('/runs', { source, overrides: ['train.epochs=5', 'train.seed=7'] })
  ).body.id;
  await sidecar.until(parent, ({ status }) => status === 'completed');
  const before = readdirSync(join(sidecar.runs, parent)).map((name) => [
    name,
    readFileSync(join(sidecar.runs, parent, name), 'utf8'),
  ]);
  const edited = source.replace('epochs: 4', 'epochs: 9');
  const { status, body } = await sidecar.post<{ id: string; parent: string; changed: object; overrides: string[] }>(
    `/runs/${parent}/fork`,
    { source: edited },
  );
  expect(status).toBe(201);
  expect(body).toMatchObject({ parent, changed: { 'train.epochs': [5, 9] }, overrides: ['train.seed=7'] });
  const child = await sidecar.until(body.id, (run) => run.status === 'completed');
  expect(child.source).toBe(edited);
  const by = await sidecar.post<{ changed: object }>(`/runs/${parent}/fork`, { overrides: ['model.lookback=64'] });
  expect(by.body.changed).toEqual({ 'model.lookback': [32, 64] });
  expect(
    readdirSync(join(sidecar.runs, parent)).map((name) => [
      name,
      readFileSync(join(sidecar.runs, parent, name), 'utf8'),
    ]),
  ).toEqual(before);
  const shown = await sidecar.until(parent, ({ children }) => children.length === 2);
  expect(shown.changed).toEqual({});
});

test('runs are listed newest first, filtered and in pages, and one in the bin is in no list', async () => {
  const sidecar = await startTestSidecar('quick');
  const ids: string[] = [];
  for (const name of ['alpha', 'beta', 'gamma'])
    ids.push((await sidecar.post<{ id: string }>('/runs', { name, tags: [`tag-${name}`] })).body.id);
  for (const id of ids) await sidecar.until(id, ({ status }) => status === 'completed');
  interface List {
    readonly runs: { id: string }[];
    readonly next: number | null;
  }
  const list = async (query: string) => (await sidecar.json<List>(`/runs${query}`)).body;
  const first = await list('?limit=2');
  expect(first.runs.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  expect((await list(`?limit=2&offset=${first.next}`)).runs.map(({ id }) => id)).toEqual([ids[0]]);
  expect((await list('?search=BET')).runs.map(({ id }) => id)).toEqual([ids[1]]);
  expect((await list('?tag=tag-gamma&status=completed,failed')).runs.map(({ id }) => id)).toEqual([ids[2]]);
  expect((await sidecar.json<Refusal>('/runs?status=nonsense')).status).toBe(400);
  expect((await sidecar.json(`/runs/${ids[0]}`, { method: 'DELETE' })).status).toBe(200);
  expect((await list('')).runs.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  expect((await sidecar.json(`/runs/${ids[0]}`)).status).toBe(404);
  await sidecar.post('/system/reindex');
  expect((await list('')).runs.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
});

test('every route is described, and the page at /docs takes nothing from elsewhere', async () => {
  const sidecar = await startTestSidecar('steady');
  const { body } = await sidecar.json<{ paths: Record<string, Record<string, { summary?: string }>> }>('/openapi.json');
  const described = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(
    [
      ...['get /runs', 'post /runs', 'get /runs/scores', 'get /runs/{id}', 'patch /runs/{id}', 'delete /runs/{id}'],
      ...['get /runs/bin', 'delete /runs/bin', 'get /stream'],
      ...['get /cache', 'delete /cache', 'get /runs/lineage', 'get /runs/{id}/bars', 'post /runs/plan'],
      ...['post /notebooks/{slug}/cells/{kind}', 'delete /notebooks/{slug}/cells/{kind}'],
      ...['patch /runs', 'post /runs/bin', 'post /runs/restore', 'get /runs/table', 'get /runs/columns'],
      ...['get /runs/diff', 'get /runs/diff/forecasts', 'get /runs/conclusion', 'put /runs/conclusion'],
      ...['post /runs/{id}/prose', 'put /runs/{id}/prose/{passage}', 'delete /runs/{id}/prose/{passage}'],
      ...['cancel', 'pause', 'resume', 'restore', 'checkpoint', 'fork', 'test'].map(
        (action) => `post /runs/{id}/${action}`,
      ),
      ...['stream', 'metrics', 'events', 'logs', 'logs/printed', 'system', 'view', 'artifacts', 'artifacts/{path}'].map(
        (part) => `get /runs/{id}/${part}`,
      ),
      ...['get /engines', 'get /system', 'post /system/reindex', 'get /health'],
      ...['get /data/files', 'post /data/inspect', 'post /data/preview', 'post /data/check'],
      ...['get /data/bars/{key}'],
    ].sort(),
  );
  const page = await (await fetch(`${sidecar.url}/docs`)).text();
  expect(page).not.toMatch(/https?:\/\//);
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect([address, (await fetch(sidecar.url + address)).status]).toEqual([address, 200]);
  }
});

test('engines answer with the report of the probe, the system with numbers of this machine', async () => {
  const sidecar = await startTestSidecar('steady');
  const { body: engines } = await sidecar.json<{ name: string; available: boolean; reason?: string }[]>('/engines');
  expect(engines[0]).toEqual({
    ...{ name: 'wasm', available: true, device: 'test', version: '0' },
    devices: [{ id: 'cpu', name: 'test' }],
  });
  const others = engines.slice(1);
  expect(others.map(({ name }) => name).sort()).toEqual(['native', 'webgpu']);
  for (const { available, reason } of others) expect([available, reason]).toEqual([false, expect.stringMatching(/\w/)]);
  const { body } = await sidecar.json<{ cores: number; memory: { used: number; total: number } }>('/system');
  expect(body.cores).toBeGreaterThan(0);
  expect(body.memory.used).toBeLessThan(body.memory.total);
});
