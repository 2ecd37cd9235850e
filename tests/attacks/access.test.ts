import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSessions } from '#access/sessions.ts';
import { sample } from '#tests/support/scale.ts';
import { sidecarRoutes, webRoutes } from './routes.ts';
import { startTarget, type Target } from './target.ts';
import { type Answer, each, type Headers, type Raw, sendRaw } from './wire.ts';

// Who may do what: every route of both servers, by every method, with every form of credential.

const token = 'the-token-of-the-matrix';
const readToken = 'one-that-only-looks-here';

/**
 * What each route does, by hand: one that a router has and this list has not fails the test until somebody has thought about
 * who may call it. `looks` is for whoever may look, `changes` for whoever may do all, `door` for everybody.
 */
const sidecarPolicy = {
  looks: [
    'GET /runs',
    'GET /runs/scores',
    'GET /runs/lineage',
    'GET /runs/table',
    'GET /runs/columns',
    'GET /runs/diff',
    'GET /runs/diff/forecasts',
    'GET /runs/bin',
    'GET /runs/:id/bars',
    'GET /runs/:id',
    'GET /runs/:id/stream',
    'GET /runs/:id/metrics',
    'GET /runs/:id/events',
    'GET /runs/:id/logs',
    'GET /runs/:id/logs/printed',
    'GET /runs/:id/artifacts',
    'GET /runs/:id/artifacts/:path{.+}',
    'GET /runs/:id/system',
    'GET /runs/:id/view',
    'GET /runs/conclusion',
    'GET /stream',
    'GET /data/files',
    'GET /data/bars/:key',
    'GET /docs',
    'GET /docs/start.js',
    'GET /docs/:file',
    'GET /engines',
    'GET /cache',
    'GET /system',
    'GET /health',
    'GET /openapi.json',
  ],
  changes: [
    'POST /runs',
    'POST /runs/:id/fork',
    'PATCH /runs/:id',
    'DELETE /runs/:id',
    'DELETE /runs/bin',
    'DELETE /cache',
    'PATCH /runs',
    'POST /runs/bin',
    'POST /runs/restore',
    'POST /runs/:id/restore',
    'POST /runs/:id/cancel',
    'POST /runs/:id/pause',
    'POST /runs/:id/resume',
    'POST /runs/:id/checkpoint',
    'POST /runs/:id/test',
    'PUT /runs/conclusion',
    'POST /runs/:id/prose',
    'PUT /runs/:id/prose/:passage',
    'DELETE /runs/:id/prose/:passage',
    // They change nothing, and occupy the machine.
    'POST /runs/plan',
    'POST /notebooks/:slug/cells/:kind',
    'DELETE /notebooks/:slug/cells/:kind',
    'POST /data/inspect',
    'POST /data/preview',
    'POST /data/check',
    'POST /system/reindex',
  ],
  door: [],
};
const webPolicy = {
  looks: [
    'GET /',
    'GET /bin',
    'GET /runs',
    'GET /runs/[id]',
    'GET /notebooks/[slug]',
    'GET /compare',
    'GET /files/notebooks',
    'GET /files/notebooks/[slug]',
    'GET /files/drafts/[run]',
    'GET /files/bin',
    'GET /files/views',
    'GET /files/pictures/[...path]',
    'GET /api/[...path]',
    'HEAD /api/[...path]',
  ],
  changes: [
    'POST /files/notebooks',
    'PUT /files/notebooks/[slug]',
    'PATCH /files/notebooks/[slug]',
    'DELETE /files/notebooks/[slug]',
    'PUT /files/drafts/[run]',
    'DELETE /files/bin',
    'POST /files/views',
    'DELETE /files/views',
    'POST /files/data',
    'POST /api/[...path]',
    'PUT /api/[...path]',
    'PATCH /api/[...path]',
    'DELETE /api/[...path]',
  ],
  door: ['GET /sign-in', 'POST /sign-in', 'POST /sign-out'],
};

interface Credential {
  readonly name: string;
  readonly gives: 'nothing' | 'read' | 'all';
  readonly headers: Headers;
  readonly query?: string;
}

let target: Target;
let credentials: readonly Credential[];
let cookieName: string;

beforeAll(async () => {
  target = await startTarget({ env: { ALMANAC_TOKEN: token, ALMANAC_READ_TOKEN: readToken } });
  cookieName = `almanac_session_${target.app.port}`;
  const key = readFileSync(join(target.app.home, 'runs', 'session.key'), 'utf8').trim();
  const month = 31 * 86_400_000;
  const session = (secret: string, home = key, age = 0) => openSessions(home, secret, () => Date.now() - age).begin();
  const bearer = (value: string): Headers => [['Authorization', `Bearer ${value}`]];
  const cookie = (value: string, name = cookieName): Headers => [['Cookie', `a=b; ${name}=${value}`]];
  const nothing = { gives: 'nothing' } as const;
  credentials = [
    { ...nothing, name: 'none', headers: [] },
    {
      ...nothing,
      name: 'none, said to come from here',
      headers: ['X-Forwarded-For', 'X-Real-IP', 'X-Client-IP'].map((name) => [name, '127.0.0.1'] as const),
    },
    { ...nothing, name: 'a wrong bearer', headers: bearer('x'.repeat(token.length)) },
    { ...nothing, name: 'the bearer but its last character', headers: bearer(token.slice(0, -1)) },
    { ...nothing, name: 'the token as a password', headers: [['Authorization', `Basic ${btoa(`:${token}`)}`]] },
    { ...nothing, name: 'the token as a cookie', headers: cookie(token) },
    { ...nothing, name: 'a session that has ended', headers: cookie(session(token, key, month)) },
    { ...nothing, name: 'a session of another home', headers: cookie(session(token, 'ab'.repeat(32))) },
    { ...nothing, name: 'a session of another port', headers: cookie(session(token), 'almanac_session_1') },
    { ...nothing, name: 'the token in the address', headers: [], query: `token=${token}` },
    { gives: 'read', name: 'the read token', headers: bearer(readToken) },
    { gives: 'read', name: 'a session of the read token', headers: cookie(session(readToken)) },
    { gives: 'all', name: 'the token', headers: bearer(token) },
    { gives: 'all', name: 'a session', headers: cookie(session(token)) },
  ];
});
afterAll(() => target?.dispose());

let sent = 0;

/** Each request from another address, so that wrong tokens slow nothing down. Only Linux has all of 127/8. */
function elsewhere(): string | undefined {
  sent++;
  if (process.platform !== 'linux') return undefined;
  return `127.${1 + (sent >> 16)}.${(sent >> 8) & 255}.${1 + (sent & 127)}`;
}

const ask = (port: number, raw: Raw) => sendRaw(port, { ...raw, from: elsewhere() });

function withQuery(path: string, query: string | undefined): string {
  return query === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Every path of both servers once; those of the sidecar behind the proxy too. */
function places() {
  const own = sidecarRoutes(target.run).map(({ path }) => path);
  const page = webRoutes(target.run).map(({ path }) => path);
  const [sidecar, web] = target.servers;
  return [
    ...[...new Set([...own, '/no/such/path'])].map((path) => ({ server: 'sidecar', port: sidecar.port, path })),
    ...[...new Set([...own.map((path) => `/api${path}`), ...page, '/no/such/path'])].map((path) => ({
      server: 'web',
      port: web.port,
      path,
    })),
  ];
}

const isDoor = (path: string) => path === '/sign-in' || path === '/sign-out';
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const reading = ['GET', 'HEAD'];

test('every route of both routers is in the matrix, and every line of the matrix is a route', () => {
  const told = (routes: readonly { readonly method: string; readonly pattern: string }[]) =>
    [...new Set(routes.map(({ method, pattern }) => `${method} ${pattern}`))].sort();
  const listed = ({ looks, changes, door }: typeof webPolicy) => [...looks, ...changes, ...door].sort();
  expect(told(sidecarRoutes(target.run))).toEqual(listed(sidecarPolicy));
  expect(told(webRoutes(target.run))).toEqual(listed(webPolicy));
  for (const policy of [sidecarPolicy, webPolicy]) {
    expect(policy.looks.filter((route) => !/^(GET|HEAD) /.test(route))).toEqual([]);
    expect(policy.changes.filter((route) => /^(GET|HEAD) /.test(route))).toEqual([]);
  }
});

test('every path, method and credential: what it may not do is refused, and changes nothing', async () => {
  const before = await target.state();
  const cases = places().flatMap((place) =>
    methods.flatMap((method) => credentials.map((credential) => ({ ...place, method, credential }))),
  );
  expect(cases.length).toBeGreaterThan(6000);
  // A stride that shares no factor with the methods and credentials meets all of them.
  await each(sample(cases, 11), async ({ server, port, path, method, credential }) => {
    // A body that no route takes is what stops those who may.
    const body: Partial<Raw> = reading.includes(method) ? {} : { body: 'x' };
    const headers: Headers = [
      ...credential.headers,
      ...(body.body === undefined ? [] : [['Content-Type', 'text/plain'] as const]),
    ];
    const answer = await ask(port, { method, target: withQuery(path, credential.query), headers, ...body });
    const what = `${server} ${method} ${path}, ${credential.name}: ${answer.status} ${answer.body.slice(0, 200)}`;
    expect(answer.headers.get('x-content-type-options'), what).toBe('nosniff');
    expect(answer.body, what).not.toContain(token);
    expect(answer.body, what).not.toContain(target.canary);
    if (server === 'web' && isDoor(path)) {
      expect(reading.includes(method) ? [200, 405] : [415], what).toContain(answer.status);
    } else if (credential.gives === 'nothing') expect(answer.status, what).toBe(401);
    else if (!reading.includes(method)) expect(answer.status, what).toBe(credential.gives === 'read' ? 403 : 415);
    else expect([200, 204, 400, 404, 405, 409], what).toContain(answer.status);
  });
  expect(await target.state()).toBe(before);
});

test('events are followed, by SSE and WebSocket, by those who may look and nobody else', async () => {
  const path = `/runs/${target.run}/stream`;
  const upgrade: Headers = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
  ];
  const cases = credentials.flatMap((credential) => target.servers.map((server) => ({ server, credential })));
  await each(
    cases,
    async ({ server, credential: { headers, gives, name, query } }) => {
      const to = withQuery(server.prefix + path, query);
      const events = await ask(server.port, { target: to, headers: [...headers, ['Accept', 'text/event-stream']] });
      expect([name, events.status]).toEqual([name, gives === 'nothing' ? 401 : 200]);
      if (gives !== 'nothing') expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
      const socket = await ask(server.port, { target: to, headers: [...headers, ...upgrade] });
      // The web app opens no WebSocket: an upgrade there is the stream that a GET gets.
      const opened = server.name === 'sidecar' ? 101 : 200;
      expect([name, server.name, socket.status]).toEqual([name, server.name, gives === 'nothing' ? 401 : opened]);
    },
    // A refused upgrade leaves its connection open for some seconds.
    cases.length,
  );
});

const html = ['Accept', 'text/html'] as const;

test('a page is opened after signing in, and the token leaves the address', async () => {
  const { port } = target.app;
  const page = `/runs/${target.run}?a=b`;
  const refused = await ask(port, { target: page, headers: [html] });
  expect([refused.status, refused.headers.get('location')]).toEqual([303, `/sign-in?to=${encodeURIComponent(page)}`]);
  for (const [shown, goes] of [
    [token, 'in'],
    [readToken, 'in'],
    ['wrong', 'none'],
    [token.slice(0, -1), 'none'],
  ]) {
    const answer = await ask(port, { target: `${page}&token=${shown}`, headers: [html] });
    const to = answer.headers.get('location') ?? '';
    expect([answer.status, to]).toEqual([
      303,
      goes === 'in' ? page : `/sign-in?to=${encodeURIComponent(page)}&refused=none`,
    ]);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    const cookie = answer.headers.get('set-cookie');
    if (goes === 'none') expect(cookie).toBeUndefined();
    else await expectSession(answer);
  }
});

async function expectSession(answer: Answer): Promise<void> {
  const [pair = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
  expect(pair).toMatch(new RegExp(`^${cookieName}=[0-9a-z]{1,9}\\.[\\w-]{43}$`));
  expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax']);
  const opened = await ask(target.app.port, { target: '/', headers: [html, ['Cookie', pair]] });
  expect(opened.status).toBe(200);
}

test('the form signs in here and from no other site, and goes on nowhere but here', async () => {
  const { port } = target.app;
  const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
  const post = (path: string, body: string, ...headers: Headers) =>
    ask(port, { method: 'POST', target: path, headers: [html, form, ...headers], body });
  const own = ['Origin', `http://127.0.0.1:${port}`] as const;
  for (const [to, goes] of [
    ['/runs/x?a=b', '/runs/x?a=b'],
    ['//evil.example/', '/'],
    ['https://evil.example/', '/'],
    ['/\\evil.example', '/'],
  ]) {
    const answer = await post('/sign-in', `token=${token}&to=${encodeURIComponent(to)}`, own);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, goes]);
    await expectSession(answer);
  }
  const wrong = await post('/sign-in', `token=wrong&to=/`, own);
  expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, undefined]);
  expect(wrong.body).toContain('That is not the token');
  for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${port}`]) {
    expect((await post('/sign-in', `token=${token}`, ['Origin', origin])).status).toBe(403);
    expect((await post('/sign-out', '', ['Origin', origin])).status).toBe(403);
  }
  const out = await post('/sign-out', '', own);
  expect([out.status, out.headers.get('location')]).toEqual([303, '/sign-in']);
  expect(out.headers.get('set-cookie')).toMatch(new RegExp(`^${cookieName}=; .*(Max-Age=0|Expires=)`));
  expect((await ask(port, { target: '/sign-in', headers: [html] })).headers.get('referrer-policy')).toBe('same-origin');
});

test('the page lets in no script and no style element but its own', async () => {
  const page = await ask(target.app.port, { target: '/sign-in', headers: [html] });
  const policy = page.headers.get('content-security-policy') ?? '';
  const [, script, nonce] = /script-src 'self' '(nonce-([^']+))'/.exec(policy) ?? [];
  expect(page.body).toContain(`nonce="${nonce}"`);
  expect(policy).toContain(`style-src-elem 'self' '${script}'`);
  expect(policy).toContain("default-src 'self'");
  expect(policy.match(/[\w-]+ [^;]*unsafe-[^;]*/g)).toEqual(["style-src-attr 'unsafe-inline'"]);
});

test('files of the build are no secret, and the token is in nothing that is printed', async () => {
  const page = (await ask(target.app.port, { target: '/sign-in', headers: [html] })).body;
  const asset = /_app\/immutable\/[\w./-]+\.(?:js|css)/.exec(page)?.[0];
  if (asset === undefined) throw new Error('the page names no file of the build');
  for (const path of [`/${asset}`, '/_app/version.json', '/_app/immutable/none.js', '/%', '/_app/%']) {
    const answer = await ask(target.app.port, { target: path });
    expect([path, answer.status]).toEqual([path, answer.status < 500 ? answer.status : 'below 500']);
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
  }
  expect((await ask(target.app.port, { target: `/${asset}` })).status).toBe(200);
  expect(target.app.output()).not.toContain(token);
  expect(target.app.output()).not.toContain(readToken);
});
