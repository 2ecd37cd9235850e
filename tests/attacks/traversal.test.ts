import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sample } from '#tests/support/scale.ts';
import { allPaths, inTarget, somePaths } from './paths.ts';
import { someBars, startTarget, type Target } from './target.ts';
import { type Answer, each, type Headers, sendRaw } from './wire.ts';

// Paths that lead out of their folder, in every place where a stranger's text becomes part of a path, on both servers.

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target?.dispose());

const json: Headers = [['Content-Type', 'application/json']];

/** Nothing secret, nothing of this machine, and never a 5xx. */
function check(answer: Answer, what: string): void {
  expect(answer.status, `${what}: ${answer.body.slice(0, 300)}`).toBeGreaterThanOrEqual(200);
  expect(answer.status, `${what}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
  expect(answer.body, what).not.toContain(target.canary);
  expect(answer.body, what).not.toMatch(/root:x?:0:0|SQLite format|NODE_ENV=/);
  // The home page of the web app may be what a path with dots comes to; its own folder it never names.
  expect(answer.body.replaceAll(what, ''), what).not.toContain(target.around);
  expect(answer.body, what).not.toMatch(/\n\s+at .+:\d+:\d+/);
  // A redirect (Kit's, of a closing slash) stays here.
  const location = answer.headers.get('location');
  if (location !== undefined) expect(location, what).toMatch(/^\/(?![/\\])/);
}

test('the corpus is what it says', () => {
  expect(allPaths.length).toBeGreaterThan(5400);
  expect(new Set(somePaths(600, 1)).size).toBeGreaterThan(600);
});

test('in the path of a request, in every position of every route', async () => {
  const before = await target.state();
  const { run } = target;
  const [, web] = target.servers;
  const positions: readonly (readonly [string, (path: string) => string])[] = [
    ['artifact', (path) => `/runs/${run}/artifacts/${path}`],
    ['artifact below a checkpoint', (path) => `/runs/${run}/artifacts/checkpoints/best/${path}`],
    ['checkpoint as a zip', (path) => `/runs/${run}/artifacts/checkpoints/${path}?archive=zip`],
    ['run', (path) => `/runs/${path}`],
    ['run of a file', (path) => `/runs/${path}/artifacts/secret.txt`],
    ['run of a log', (path) => `/runs/${path}/logs/printed`],
    ['bars', (path) => `/data/bars/${path}`],
    ['docs', (path) => `/docs/${path}`],
    ['root', (path) => `/${path}`],
  ];
  const cases = target.servers.flatMap(({ name, port, prefix }, s) =>
    positions.flatMap(([position, place], p) =>
      somePaths(p < 2 ? 500 : 120, s * 31 + p).map((path) => ({
        port,
        what: `${name} ${position} ${path}`,
        at: prefix + place(inTarget(path)),
      })),
    ),
  );
  const pages = [
    '/files/notebooks/',
    '/files/pictures/',
    '/files/',
    '/notebooks/',
    '/runs/',
    '/api',
    '/_app/',
    '/_app/immutable/',
    '/',
  ];
  for (const [p, page] of pages.entries()) {
    for (const path of somePaths(120, p)) {
      cases.push({ port: web.port, what: `web ${page} ${path}`, at: page + inTarget(path) });
    }
  }
  expect(cases.length).toBeGreaterThan(5000);
  await each(sample(cases, 7), async ({ port, what, at }) => check(await sendRaw(port, { target: at }), what));
  expect(await target.state()).toBe(before);
});

test('in an address that changes something, the file of a notebook above all', async () => {
  const before = await target.state();
  const { run } = target;
  const [sidecar, web] = target.servers;
  const evil = `evil-${randomUUID().slice(0, 8)}`;
  const leaving = [
    ...['../', '..%2f', '%2e%2e%2f', '..%5c', '%2e%2e%5c', '..%252f', '..%c0%af', '%2f', '%2ftmp%2f', '....%2f%2f'],
    ...['..%2f..%2f', '%2e%2e%2f%2e%2e%2f', 'data%2f', 'data%2fout%2f', '.bin%2f', '.%2f', '%00', '~%2f', '%20'],
  ].map((lead) => `${lead}${evil}`);
  // Names that are a notebook's are left out: they may be made. `link` is one, and there.
  const named = somePaths(150, 3).filter((path) => path === 'link' || !/^[A-Za-z0-9_-]{1,100}$/.test(path));
  const slugs = [...leaving, ...named.map((path) => inTarget(path))];
  await each(sample(slugs, 3), async (slug) => {
    for (const tag of ['"gone"', '*', '""']) {
      const put = await sendRaw(web.port, {
        method: 'PUT',
        target: `/files/notebooks/${slug}`,
        headers: [
          ['Content-Type', 'text/markdown'],
          ['If-Match', tag],
        ],
        body: '# evil',
      });
      check(put, `PUT ${slug}`);
      expect(put.status, `PUT ${slug}: ${put.body}`).toBeGreaterThanOrEqual(300);
    }
    const gone = await sendRaw(web.port, { method: 'DELETE', target: `/files/notebooks/${slug}` });
    check(gone, `DELETE ${slug}`);
    expect(gone.status, `DELETE ${slug}`).toBeGreaterThanOrEqual(300);
  });
  const uploads = somePaths(150, 8).filter((path) => !/^[a-z0-9][\w. -]*$/i.test(safeDecode(path)));
  await each(sample(uploads, 3), async (path) => {
    const upload = await sendRaw(web.port, {
      method: 'POST',
      target: `/files/data?name=${inTarget(path)}${path.endsWith('.csv') ? '' : '.csv'}`,
      headers: [['Content-Type', 'application/octet-stream']],
      body: someBars(),
    });
    check(upload, `upload ${path}`);
    expect(upload.status, `upload ${path}: ${upload.body}`).toBeGreaterThanOrEqual(400);
  });
  const [deletes, posts] = [somePaths(100, 4), somePaths(60, 5)];
  await each(sample(deletes, 3), async (path) => {
    for (const { port, prefix } of target.servers) {
      const at = `${prefix}/runs/${inTarget(path)}`;
      check(await sendRaw(port, { method: 'DELETE', target: at }), `DELETE ${path}`);
      check(
        await sendRaw(port, { method: 'PATCH', target: at, headers: json, body: '{"name":"evil"}' }),
        `PATCH ${path}`,
      );
    }
  });
  await each(sample(posts, 3), async (name) => {
    const checkpoint = await sendRaw(sidecar.port, {
      method: 'POST',
      target: `/runs/${run}/checkpoint`,
      headers: json,
      body: JSON.stringify({ name }),
    });
    check(checkpoint, `checkpoint ${name}`);
    expect([400, 409], `checkpoint ${name}`).toContain(checkpoint.status);
  });
  expect(await target.state()).toBe(before);
});

test('in a JSON body: notebooks, parents, restored files, data sources by every door', async () => {
  const before = await target.state();
  const [sidecar, web] = target.servers;
  const { around, run } = target;
  const outside = [
    ...['secret.csv', 'home/secret.csv', 'home/runs/secret.csv', 'data-secret/secret.csv'].map((path) =>
      join(around, path),
    ),
    ...['link.csv', 'out/secret.csv', '../secret.csv'].map((path) => join(around, 'home', 'notebooks', 'data', path)),
    join(around, 'data', 'out', 'secret.csv'),
    join(around, 'data', '..', 'secret.csv'),
    join(around, 'home', 'runs', run, 'events.jsonl'),
    `${around}/data/../secret.csv`,
    `${around}/dat?/*/secret.csv`,
    ...[
      'out/secret.csv',
      'o*/secret.csv',
      'data/o?t/secret.csv',
      'data/l*.csv',
      '*/../secret.csv',
      'data/.*/secret.csv',
    ],
  ];
  const encoded = somePaths(0, 0).filter((path) => path.includes('%'));
  const paths = [...outside, ...somePaths(10, 6), ...encoded.map((path) => safeDecode(path))];
  const refused = async (what: string, port: number, to: string, body: unknown) => {
    const answer = await sendRaw(port, { method: 'POST', target: to, headers: json, body: JSON.stringify(body) });
    expect(answer.status, `${what}: ${answer.status} ${answer.body.slice(0, 300)}`).toBeGreaterThanOrEqual(400);
    expect(answer.status, `${what}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
    expect(answer.body, what).not.toContain(target.canary);
    // A path that was typed may be repeated; what it really leads to may not be told.
    expect(answer.body.replaceAll(JSON.stringify(around).slice(1, -1), ''), what).not.toMatch(
      /almanac-attack|\n\s+at /,
    );
    if (!what.includes(around)) expect(answer.body, what).not.toContain(around);
  };
  await each(sample(paths, 3), async (path, index) => {
    const { port, prefix } = target.servers[index % 2];
    const yaml = `# x\n\n\`\`\`yaml data\nsource: ${JSON.stringify(path)}\n\`\`\`\n`;
    const typed = path.trim() === '' ? '..' : path;
    await refused(`notebook ${path}`, port, `${prefix}/runs`, { notebook: `${path}!` });
    if (path !== 'ours') await refused(`notebook ${path}`, port, `${prefix}/runs`, { notebook: path || '..' });
    await refused(`parent ${path}`, port, `${prefix}/runs`, { parent: path });
    await refused(`config ${typed}`, port, `${prefix}/runs`, { config: { data: { source: typed } } });
    await refused(`flat ${typed}`, port, `${prefix}/runs`, { config: { data_source: typed } });
    await refused(`override ${typed}`, port, `${prefix}/runs`, { overrides: [`data.source=${JSON.stringify(typed)}`] });
    if (path.trim() !== '') await refused(`source ${path}`, port, `${prefix}/runs`, { source: yaml });
    await refused(`fork ${typed}`, port, `${prefix}/runs/${run}/fork`, {
      overrides: [`data.source=${JSON.stringify(typed)}`],
    });
    await refused(`restore ${path}`, web.port, '/files/notebooks', { restore: path });
    await refused(`restore ${path}`, web.port, '/files/notebooks', { restore: `${path.slice(0, 80)}.0123abcd` });
  });
  await each(
    outside.filter((_, index) => index % 2 === 0),
    (path, index) =>
      refused(`inspect ${path}`, index % 2 ? web.port : sidecar.port, `${index % 2 ? web.prefix : ''}/data/inspect`, {
        data: { source: path },
      }),
    3,
  );
  expect(await target.state()).toBe(before);
});

test('what lies inside its folder is given, so that the refusals above mean something', async () => {
  for (const { port, prefix } of target.servers) {
    const ask = (path: string) => sendRaw(port, { target: prefix + path });
    expect((await ask(`/runs/${target.run}/artifacts/events.jsonl`)).body).toContain('"train.loss"');
    expect((await ask(`/runs/${target.run}/artifacts/checkpoints%2fbest%2fmodel.json`)).status).toBe(200);
    expect((await ask(`/runs/${target.run}/artifacts/checkpoints/best?archive=zip`)).body).toContain('weights.bin');
    const listed = (await ask(`/runs/${target.run}/artifacts`)).body;
    expect(listed).toContain('checkpoints/best/model.json');
    expect(listed).not.toMatch(/\.env|control|lock|tmp|link|hard|out\//);
    const files = (await ask('/data/files')).body;
    expect(files).toContain('data/bars.csv');
    expect(files).not.toMatch(/secret|link|out\//);
    for (const source of ['data/bars.csv', 'more.csv', join(target.around, 'data', 'more.csv'), 'data/b*.csv']) {
      const body = JSON.stringify({ data: { source } });
      const answer = await sendRaw(port, { method: 'POST', target: `${prefix}/data/inspect`, headers: json, body });
      expect(answer.status, answer.body).toBe(200);
      expect(answer.body).not.toContain(target.around);
    }
  }
  const rebuilt = await sendRaw(target.app.trainerPort, { method: 'POST', target: '/system/reindex' });
  expect(rebuilt.body).toContain(`${target.run}x`);
  expect(rebuilt.body).not.toContain(target.around);
  expect(existsSync(join(target.around, 'home', 'notebooks', 'ours.md'))).toBe(true);
});

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
