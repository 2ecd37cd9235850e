import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Route, sidecarRoutes, webRoutes } from './routes.ts';
import { startTarget, type Target } from './target.ts';
import { type Answer, each, type Headers, type Raw, sendRaw } from './wire.ts';

// What any page on the web can make a browser send to this machine, and a little more, on every route of both servers.

let target: Target;
/** Every route of both servers, those of the sidecar behind the proxy too. */
let routes: readonly (Route & { readonly server: string; readonly port: number })[];
beforeAll(async () => {
  target = await startTarget();
  const [sidecar, web] = target.servers;
  const own = sidecarRoutes(target.run);
  routes = [
    ...own.map((route) => ({ ...route, server: sidecar.name, port: sidecar.port })),
    ...own.map((route) => ({ ...route, path: web.prefix + route.path, server: web.name, port: web.port })),
    ...webRoutes(target.run).map((route) => ({ ...route, server: web.name, port: web.port })),
  ];
});
afterAll(() => target?.dispose());

const changing = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const bodies: readonly (readonly [string | null, string])[] = [
  ['application/json', '{"overrides":["train.epochs=1"]}'],
  ['text/plain', '{"overrides":["train.epochs=1"]}'],
  ['TEXT/PLAIN', '{"title":"evil","text":"evil"}'],
  ['application/x-www-form-urlencoded', 'title=evil&text=evil'],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nevil\r\n--x--\r\n'],
  ['text/markdown', '# evil'],
  [null, '{}'],
];

/** Headers of requests that come from elsewhere. */
function foreign(port: number): readonly Headers[] {
  const here = `127.0.0.1:${port}`;
  const origins = [
    'http://evil.example',
    'https://evil.example',
    'null',
    `https://${here}`,
    'http://127.0.0.1',
    `http://127.0.0.1:${port + 7}`,
    `http://${here}.evil.example`,
    `http://127.0.0.1.nip.io:${port}`,
    `http://${here}@evil.example`,
    `http://${here}/`,
    `http://${here}, http://evil.example`,
    'file://',
    'chrome-extension://abcdefghijklmnop',
  ];
  return [
    ...origins.map((origin): Headers => [['Origin', origin]]),
    [
      ['Origin', `http://${here}`],
      ['Origin', 'http://evil.example'],
    ],
    [['Sec-Fetch-Site', 'cross-site']],
    [['Sec-Fetch-Site', 'same-site']],
    [['Sec-Fetch-Site', '']],
    [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Origin', `http://${here}`],
    ],
    [
      ['Sec-Fetch-Site', 'same-origin'],
      ['Origin', 'http://evil.example'],
    ],
    [
      ['Origin', 'http://evil.example'],
      ['X-Forwarded-Host', here],
      ['X-Forwarded-For', '127.0.0.1'],
      ['Forwarded', `for=127.0.0.1;host=${here}`],
    ],
  ];
}

function withBody(index: number): Pick<Raw, 'body' | 'headers'> {
  const [type, body] = bodies[index % bodies.length];
  return { body, headers: type === null ? [] : [['Content-Type', type]] };
}

function check(answer: Answer, allowed: readonly number[], what: string): void {
  expect(allowed, `${what}: ${answer.status} ${answer.body.slice(0, 300)}`).toContain(answer.status);
  const opened = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
  expect(opened, what).toEqual([]);
  expect(answer.body, what).not.toContain(target.canary);
}

test('both routers tell their routes', () => {
  expect(sidecarRoutes(target.run).length).toBeGreaterThanOrEqual(20);
  expect(webRoutes(target.run).map(({ method, path }) => `${method} ${path}`)).toEqual(
    expect.arrayContaining(['GET /', 'POST /api/runs', 'PUT /files/notebooks/ours', 'DELETE /files/notebooks/ours']),
  );
});

test('a page of another site changes nothing: every route, method, origin and kind of body', async () => {
  const before = await target.state();
  const paths = [...new Map(routes.map((route) => [`${route.port}${route.path}`, route])).values()];
  const cases = paths.flatMap(({ path, port, server }, p) =>
    changing.flatMap((method, m) =>
      foreign(port).map((from, f) => ({ server, port, method, path, from, ...withBody(p + m * 3 + f) })),
    ),
  );
  expect(cases.length).toBeGreaterThan(4000);
  await each(cases, async ({ server, port, method, path, from, headers = [], body }) => {
    const answer = await sendRaw(port, { method, target: path, headers: [...from, ...headers, ifMatch], body });
    check(answer, [403], `${server} ${method} ${path} ${JSON.stringify(from)}`);
  });
  expect(await target.state()).toBe(before);
});

const ifMatch = ['If-Match', '"gone"'] as const;

test('a body that a form could send is refused even without an origin', async () => {
  const before = await target.state();
  const kinds = bodies.filter(([type]) => type !== 'application/json' && type !== 'text/markdown');
  const cases = routes
    .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .flatMap((route) => kinds.map(([type, body]) => ({ ...route, type, body })))
    // Signing in is a form, and changes nothing but the browser's cookie.
    .filter(({ path, type }) => !/^\/sign-(in|out)$/.test(path) || type !== 'application/x-www-form-urlencoded');
  await each(cases, async ({ server, port, method, path, type, body }) => {
    const headers: Headers = [...(type === null ? [] : [['Content-Type', type] as const]), ifMatch];
    const answer = await sendRaw(port, { method, target: path, headers, body });
    check(answer, [415], `${server} ${method} ${path} ${type}`);
    const chunked: Headers = [...headers, ['Transfer-Encoding', 'chunked']];
    const parts = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const again = await sendRaw(port, { method, target: path, headers: chunked, body: parts });
    check(again, [415], `${server} ${method} ${path} ${type} in chunks`);
  });
  expect(await target.state()).toBe(before);
});

test('a method named in a header is not taken for the method', async () => {
  const before = await target.state();
  const cases = routes
    .filter(({ method }) => method === 'GET')
    .flatMap((route) => ['DELETE', 'PUT', 'PATCH', 'POST'].map((wanted) => ({ ...route, wanted })));
  await each(
    cases,
    async ({ server, port, path, wanted }) => {
      const headers = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map(
        (name) => [name, wanted] as const,
      );
      const answer = await sendRaw(port, { target: `${path}?_method=${wanted}`, headers });
      // A shared stream that follows nothing is empty.
      const allowed = /^(\/api)?\/stream$/.test(path) ? [204] : [200, 404, 400];
      check(answer, allowed, `${server} ${path} as ${wanted}`);
    },
    8,
  );
  expect(await target.state()).toBe(before);
});

test('only our own names are answered to, for reading too, on every route and on files of the build', async () => {
  const before = await target.state();
  const page = (await sendRaw(target.app.port, { target: '/' })).body;
  const asset = /\/_app\/immutable\/[\w./-]+\.(?:js|css)/.exec(page)?.[0];
  if (asset === undefined) throw new Error('the page names no file of the build');
  const built = [asset, '/_app/version.json', '/_app/env.js', '/favicon.svg', '/no/such/page'].map((path) => ({
    method: 'GET',
    path,
    server: 'web',
    port: target.app.port,
  }));
  const cases = [...routes, ...built].flatMap((route) => {
    const { port } = route;
    const other = target.servers.find((server) => server.port !== port)?.port ?? 0;
    const names = [
      ...['evil.example', `evil.example:${port}`, `127.0.0.1.nip.io:${port}`, `localhost.evil.example:${port}`],
      ...[
        '127.0.0.1',
        `127.0.0.1:${Math.max(port, other) + 7}`,
        `localhost.:${port}`,
        `127.1:${port}`,
        `0.0.0.0:${port}`,
      ],
      ...[
        `2130706433:${port}`,
        `[::ffff:127.0.0.1]:${port}`,
        `127.0.0.1:${port}@evil.example`,
        `evil.example#127.0.0.1:${port}`,
      ],
    ];
    return names.map((host) => ({ ...route, host }));
  });
  await each(cases, async ({ server, port, method, path, host }) => {
    const answer = await sendRaw(port, {
      method,
      target: path,
      host,
      headers: [
        ['Origin', `http://${host}`],
        ['Sec-Fetch-Site', 'same-origin'],
        ifMatch,
        ['Content-Type', 'application/json'],
      ],
      body: method === 'GET' ? undefined : '{}',
    });
    check(answer, [400, 421], `${server} ${method} ${path} Host: ${host}`);
    expect(answer.body).not.toContain('Ours');
  });
  expect(await target.state()).toBe(before);
});

test('a target or a second Host that names another server is refused', async () => {
  const before = await target.state();
  await each(routes, async ({ server, port, method, path }) => {
    const here = `127.0.0.1:${port}`;
    const body = method === 'GET' ? undefined : '{}';
    const json: Headers = [['Content-Type', 'application/json'], ifMatch];
    const what = `${server} ${method} ${path}`;
    const ask = (target: string, headers: Headers = [], host?: string | null) =>
      sendRaw(port, { method, target, host, headers: [...json, ...headers], body });
    check(await ask(`http://evil.example${path}`), [400, 421], `${what} absolute`);
    check(
      await ask(`http://evil.example:${port}${path}`, [['Origin', 'http://evil.example']]),
      [400, 421, 403],
      `${what} absolute`,
    );
    check(await ask(`http://${here}@evil.example${path}`), [400, 421], `${what} with a user`);
    check(await ask(`//evil.example${path}`, [['Origin', 'http://evil.example']]), [400, 403, 421], `${what} //`);
    check(await ask(`//evil.example${path}`), [400, 421], `${what} //`);
    check(await ask(`/\\evil.example${path}`), [400, 421], `${what} backslash`);
    check(await ask(path, [['Host', here]]), [400], `${what} two equal Hosts`);
    check(await ask(path, [['host', 'evil.example']]), [400], `${what} two Hosts`);
    check(await ask(path, [['Host', here]], 'evil.example'), [400], `${what} two Hosts, the evil one first`);
    check(await ask(path, [], null), [400], `${what} no Host`);
  });
  expect(await target.state()).toBe(before);
});

test('a WebSocket opens for our own page and for scripts, and for no other site, by no target', async () => {
  const path = `/runs/${target.run}/stream`;
  const upgrade = (port: number, to: string, headers: Headers, host?: string) =>
    sendRaw(port, {
      target: to,
      host,
      headers: [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket'],
        ['Sec-WebSocket-Version', '13'],
        ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
        ...headers,
      ],
    });
  const [sidecar] = target.servers;
  expect((await upgrade(sidecar.port, path, [])).status).toBe(101);
  expect((await upgrade(sidecar.port, path, [['Origin', `http://localhost:${target.app.port}`]])).status).toBe(101);
  for (const { name, port, prefix } of target.servers) {
    for (const from of foreign(port)) {
      const answer = await upgrade(port, prefix + path, from);
      if (name === 'sidecar') check(answer, [403], `${name} ${JSON.stringify(from)}`);
      // The web app opens no WebSocket at all: what it answers is the stream that a plain GET gets.
      else expect(answer.status, JSON.stringify(from)).not.toBe(101);
    }
    for (const host of ['evil.example', `127.0.0.1.nip.io:${port}`]) {
      check(await upgrade(port, prefix + path, [['Origin', `http://${host}`]], host), [421], `${name} ${host}`);
    }
    for (const to of [`//evil.example${path}`, `http://evil.example${prefix}${path}`, `/\\evil.example${path}`]) {
      check(await upgrade(port, to, [['Origin', 'http://evil.example']]), [400, 403, 421], `${name} ${to}`);
    }
  }
  for (const { server, port, path: other } of routes) {
    const answer = await upgrade(port, other, [['Origin', 'http://evil.example']]);
    expect([server, other, answer.status]).not.toEqual([server, other, 101]);
  }
});

test('the same requests from our own page are obeyed, so that the refusals above mean something', async () => {
  const before = await target.state();
  for (const { port, prefix } of target.servers) {
    const headers: Headers = [
      ['Origin', `http://127.0.0.1:${target.app.port}`],
      ['Sec-Fetch-Site', 'same-origin'],
      ['Content-Type', 'application/json'],
    ];
    const name = `Named through ${port}`;
    const path = `${prefix}/runs/${target.run}`;
    const answer = await sendRaw(port, { method: 'PATCH', target: path, headers, body: JSON.stringify({ name }) });
    expect(answer.status, answer.body).toBe(200);
    expect((await sendRaw(port, { target: path })).body).toContain(name);
  }
  const saved = await sendRaw(target.app.port, { target: '/files/notebooks/ours' });
  const put = await sendRaw(target.app.port, {
    method: 'PUT',
    target: '/files/notebooks/ours',
    headers: [
      ['Origin', `http://localhost:${target.app.port}`],
      ['Sec-Fetch-Site', 'same-origin'],
      ['Content-Type', 'text/markdown; charset=utf-8'],
      ['If-Match', saved.headers.get('etag') ?? ''],
    ],
    body: '# Saved\n',
  });
  expect(put.status, put.body).toBe(200);
  expect(readFileSync(join(target.app.home, 'notebooks', 'ours.md'), 'utf8')).toBe('# Saved\n');
  expect(await target.state()).not.toBe(before);
});
