import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sample } from '#tests/support/scale.ts';
import { startTarget, type Target } from './target.ts';
import { type Answer, each, type Headers, sendRaw } from './wire.ts';

// Whatever a file of a run holds and is called, a browser saves it: nothing of it ever runs in our origin.

const script = '<script>window.__pwn=1</script>';
const contents: Readonly<Record<string, string>> = {
  'page.html': `<!doctype html>${script}`,
  'page.htm': script,
  'page.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml">${script}</html>`,
  'drawing.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`,
  'feed.xml': `<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script></x>`,
  'paper.pdf': '%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>',
  'code.js': 'alert(1)',
  'code.mjs': 'export default 1',
  'sheet.css': 'body{background:url(//evil.example)}',
  'app.wasm': '\0asm',
  'list.csv': '=cmd|calc!A0,<img src=x onerror=alert(1)>\n',
  'report.json': `{"a":"</script>${script}"}`,
  'README.md': `[x](javascript:alert(1)) ${script}`,
  nothing: script,
  'trick.html.txt': script,
  "quote';alert(1)'.csv": 'a',
  'semi;colon=1.csv': 'a',
  'ünïcode ✓.csv': 'a',
  'right\u202eto-left.csv': 'a',
  'percent%41%0d%0aX-Evil=1.csv': 'a',
  'plus+and&amp.csv': 'a',
  'empty.csv': '',
};
/** Names that no browser may be given, whatever a folder holds. */
const refused = ['br<b>.csv', 'double".csv', 'line\nbreak.csv', 'back\\slash.csv', 'co:lon.csv', '.hidden'];

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(target.folder, name), text);
  for (const name of refused) writeFileSync(join(target.folder, name), script);
  mkdirSync(join(target.folder, 'checkpoints', 'x;y'), { recursive: true });
  writeFileSync(join(target.folder, 'checkpoints', 'x;y', 'model.json'), script);
});
afterAll(() => target?.dispose());

function checkHeaders({ headers, status }: Answer, what: string): void {
  const all = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  expect(headers.get('content-disposition'), `${what} ${status}\n${all}`).toMatch(
    /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.!~*'()%-]+$/,
  );
  expect(headers.get('x-content-type-options'), what).toBe('nosniff');
  expect(headers.get('content-security-policy'), what).toBe("sandbox; default-src 'none'");
  expect(headers.get('cross-origin-resource-policy'), what).toBe('same-origin');
  expect(headers.get('content-type') ?? '', what).not.toMatch(/html|svg|xml|pdf|script|css|wasm/);
  expect(
    [...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'x-evil'),
    what,
  ).toEqual([]);
  expect(headers.has('set-cookie'), what).toBe(false);
}

test('every file of a run comes as an attachment that no browser shows, by either server and in every way of asking', async () => {
  const listed = JSON.parse(
    (await sendRaw(target.app.trainerPort, { target: `/runs/${target.run}/artifacts` })).body.replace(
      /^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g,
      '',
    ),
  ) as {
    path: string;
  }[];
  const paths = listed.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([...Object.keys(contents), 'events.jsonl', 'config.yaml', 'checkpoints/best/model.json']),
  );
  expect(paths.filter((path) => refused.includes(path))).toEqual([]);
  const ways: readonly {
    readonly method?: string;
    readonly headers: Headers;
    readonly query?: string;
    readonly status: number[];
  }[] = [
    { headers: [], status: [200] },
    { headers: [['Accept', 'text/html']], query: '?type=text/html&inline=1', status: [200] },
    {
      headers: [
        ['Sec-Fetch-Dest', 'document'],
        ['Sec-Fetch-Mode', 'navigate'],
        ['Sec-Fetch-Site', 'cross-site'],
      ],
      status: [200],
    },
    { method: 'HEAD', headers: [], status: [200] },
    { headers: [['Range', 'bytes=0-0']], status: [206, 416] },
    { headers: [['Range', 'bytes=99999999-']], status: [416] },
    { headers: [['Origin', 'http://evil.example']], status: [200] },
    { headers: [['Origin', 'null']], status: [200] },
  ];
  const cases = paths.flatMap((path) =>
    target.servers.flatMap((server) => ways.map((way) => ({ ...server, ...way, path }))),
  );
  expect(cases.length).toBeGreaterThan(400);
  await each(sample(cases, 3), async ({ name, port, prefix, path, method, headers, query = '', status }) => {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const at = `${prefix}/runs/${target.run}/artifacts/${encoded}${query}`;
    const answer = await sendRaw(port, { method, target: at, headers });
    const what = `${name} ${method ?? 'GET'} ${at}`;
    expect(status, `${what}: ${answer.status} ${answer.body}`).toContain(answer.status);
    checkHeaders(answer, what);
    const tag = answer.headers.get('etag');
    if (headers.length > 0 || method !== undefined || tag === undefined) return;
    const again = await sendRaw(port, { target: at, headers: [['If-None-Match', tag]] });
    expect(again.status, what).toBe(304);
    checkHeaders(again, `${what} again`);
  });
});

test('a name that could mean something to a header, a page or another system is not given at all', async () => {
  for (const { port, prefix } of target.servers) {
    for (const name of refused) {
      const at = `${prefix}/runs/${target.run}/artifacts/${encodeURIComponent(name)}`;
      const answer = await sendRaw(port, { target: at });
      expect([name, answer.status]).toEqual([name, 404]);
      expect(answer.body).not.toContain('__pwn');
    }
  }
});

test('archives and tables are attachments too, and what is not a file is never a page', async () => {
  for (const { port, prefix } of target.servers) {
    const ask = (path: string, headers: Headers = []) => sendRaw(port, { target: prefix + path, headers });
    for (const name of ['best', 'x%3by']) {
      const zip = await ask(`/runs/${target.run}/artifacts/checkpoints/${name}?archive=zip`);
      expect(zip.status).toBe(200);
      checkHeaders(zip, name);
    }
    const csv = await ask(`/runs/${target.run}/metrics`, [['Accept', 'text/csv']]);
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(csv.headers.get('x-content-type-options')).toBe('nosniff');
    // A name that a spreadsheet would run as a formula is only text.
    expect(csv.body).toContain("'=cmd()");
    const others = ['/runs', `/runs/${target.run}`, '/system', '/engines', '/health', '/data/files', '/openapi.json'];
    for (const path of [
      ...others,
      `/runs/${target.run}/logs/printed`,
      '/runs/%3Cscript%3E',
      `/runs/${target.run}/logs`,
    ]) {
      const answer = await ask(path, [['Accept', 'text/html']]);
      expect([path, answer.headers.get('content-type')]).toEqual([path, expect.stringMatching(/^application\/json/)]);
      expect([path, answer.headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    }
    const stream = await ask(`/runs/${target.run}/stream`);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('the text of a notebook is text, and its page may be framed by nobody', async () => {
  const web = target.app.port;
  writeFileSync(
    join(target.app.home, 'notebooks', 'evil.md'),
    `---\ntitle: "${script}"\n---\n\n${script}\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))\n`,
  );
  const text = await sendRaw(web, { target: '/files/notebooks/evil', headers: [['Accept', 'text/html']] });
  expect(text.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(text.headers.get('x-content-type-options')).toBe('nosniff');
  for (const path of [
    '/',
    '/notebooks/evil',
    `/runs/${target.run}`,
    '/notebooks/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    '/?q=%3Cscript%3Ealert(1)%3C/script%3E',
  ]) {
    const page = await sendRaw(web, { target: path });
    expect(page.headers.get('content-type'), path).toMatch(/^text\/html/);
    expect(page.headers.get('x-frame-options'), path).toBe('DENY');
    expect(page.body, path).not.toContain(script);
    expect(page.body, path).not.toContain('<script>alert(1)');
    expect(page.body, path).not.toMatch(/<[a-z]+[^>]*\son(error|load)=/i);
    expect(page.body, path).not.toMatch(/href="javascript:/i);
  }
});
