import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { longestHold } from './endurance.ts';
import { hostileNotebooks, hostileYaml, inCell } from './hostile-sources.ts';
import { someBars } from './target.ts';
import { type Answer, each, type Headers, sendBytes, sendRaw } from './wire.ts';
import { attacked, json, patience, residentBytes } from './attacked.ts';

// Requests and files made to end the program, to fill its memory, or to keep it from everybody else.

const target = attacked();

/** Refused with a sentence: 4xx, JSON, no trace of the program and no path of this machine. */
function checkRefusal(answer: Answer, what: string, statuses?: readonly number[]): void {
  const said = `${what}: ${answer.status} ${answer.body.slice(0, 300)}`;
  if (statuses) expect(statuses, said).toContain(answer.status);
  expect(answer.status, said).toBeGreaterThanOrEqual(400);
  expect(answer.status, said).toBeLessThan(500);
  expect(answer.body.length, what).toBeLessThan(200_000);
  expect(answer.body, what).not.toContain(target().around);
  expect(answer.body, what).not.toMatch(/\n\s+at |node_modules|file:\/\/|node:internal/);
}

describe('bodies', () => {
  const create = (port: number, prefix: string, body: string | Buffer) =>
    sendRaw(port, { method: 'POST', target: `${prefix}/runs`, headers: json, body });

  test('JSON that is deep, broken, of another shape or full of reserved names is refused', async () => {
    const before = await target().state();
    const texts = [
      ...[65, 1000, 50_000, 700_000].flatMap((n) => ['['.repeat(n), '['.repeat(n) + ']'.repeat(n), '{"a":'.repeat(n)]),
      ...[
        `{"config":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`,
        `{"config":{"data":${'['.repeat(50)}${']'.repeat(50)}}}`,
      ],
      ...[
        '{',
        'null',
        '1',
        '"x"',
        '[]',
        '[{}]',
        'undefined',
        '\0',
        '\ufeff{',
        '{"a":1}{"a":1}',
        '{"source":1}',
        '{"tags":{}}',
      ],
      ...[
        '{"__proto__":{"source":"x"}}',
        '{"config":{"__proto__":{"x":1}}}',
        '{"config":{"constructor":{"prototype":1}}}',
      ],
      ...[
        '{"config":{"train":{"epochs":1e400}}}',
        '{"config":{"train":{"epochs":-1}}}',
        '{"config":{"train":{"epochs":"1"}}}',
      ],
      ...[
        '{"overrides":["__proto__.x=1"]}',
        '{"overrides":["constructor.prototype.x=1"]}',
        '{"overrides":["a=1,2,3"]}',
      ],
      ...['{"name":""}', `{"name":"${'x'.repeat(10_000)}"}`, `{"tags":[${'"a",'.repeat(5000)}"a"]}`, '{"parent":"x"}'],
      `{"overrides":[${'"train.epochs=1",'.repeat(300)}"train.epochs=1"]}`,
    ];
    const cases = texts.flatMap((text) => target().servers.map((server) => ({ ...server, text })));
    await each(cases, async ({ port, prefix, text }) => {
      checkRefusal(await create(port, prefix, text), text.slice(0, 60));
    });
    await each(texts, async (text) => {
      const files = await sendRaw(target().app.port, {
        method: 'POST',
        target: '/files/notebooks',
        headers: json,
        body: text,
      });
      checkRefusal(files, `files ${text.slice(0, 60)}`, [400, 413]);
      const inspect = await sendRaw(target().app.trainerPort, {
        method: 'POST',
        target: '/data/inspect',
        headers: json,
        body: text,
      });
      if (text !== '') checkRefusal(inspect, `inspect ${text.slice(0, 60)}`, [400, 413, 422]);
    });
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]);
    checkRefusal(await create(target().app.trainerPort, '', bytes), 'bytes that are no UTF-8');
    expect(await target().state()).toBe(before);
  });

  test('a body over the limit is 413, announced or in chunks, on every route that takes one', async () => {
    const before = await target().state();
    const resident = await residentBytes(target());
    const [sidecar, web] = target().servers;
    const routes = [
      { port: sidecar.port, method: 'POST', path: '/runs', type: 'application/json' },
      { port: sidecar.port, method: 'PATCH', path: `/runs/${target().run}`, type: 'application/json' },
      { port: sidecar.port, method: 'POST', path: `/runs/${target().run}/fork`, type: 'application/json' },
      { port: sidecar.port, method: 'POST', path: `/runs/${target().run}/checkpoint`, type: 'application/json' },
      { port: sidecar.port, method: 'POST', path: '/data/inspect', type: 'application/json' },
      { port: web.port, method: 'POST', path: '/api/runs', type: 'application/json' },
      { port: web.port, method: 'POST', path: '/files/notebooks', type: 'application/json' },
      { port: web.port, method: 'PUT', path: '/files/notebooks/ours', type: 'text/markdown' },
    ];
    const megabyte = 'x'.repeat(1 << 20);
    const chunk = `${megabyte.length.toString(16)}\r\n${megabyte}\r\n`;
    for (const { port, method, path, type } of routes) {
      const headers: Headers = [
        ['Content-Type', type],
        ['If-Match', '"gone"'],
      ];
      const what = `${method} ${path}`;
      const announced = { method, target: path, headers: [...headers, ['Content-Length', String(2 ** 31)]] as Headers };
      checkRefusal(await sendRaw(port, { ...announced, body: megabyte }), `${what} of 2 GiB announced`, [413]);
      const chunked = { method, target: path, headers: [...headers, ['Transfer-Encoding', 'chunked']] as Headers };
      const body = `${chunk.repeat(24)}0\r\n\r\n`;
      checkRefusal(await sendRaw(port, { ...chunked, body }), `${what} in chunks`, [413]);
      const whole = `{"text":"${megabyte.repeat(6)}"}`;
      checkRefusal(await sendRaw(port, { method, target: path, headers, body: whole }), `${what} whole`, [413]);
    }
    expect((await residentBytes(target())) - resident).toBeLessThan(300 << 20);
    expect(await target().state()).toBe(before);
  });

  test('lengths that disagree, and encodings that are lies', async () => {
    for (const { port, prefix } of target().servers) {
      const head = `POST ${prefix}/runs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
      const both = await sendBytes(
        port,
        `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /runs HTTP/1.1\r\n\r\n`,
      );
      expect(both.status).toBe(400);
      expect((await sendBytes(port, `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`)).status).toBe(400);
      expect((await sendBytes(port, `${head}Content-Length: -1\r\n\r\n`)).status).toBe(400);
      expect((await sendBytes(port, `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`)).status).toBeLessThan(
        500,
      );
      expect((await sendBytes(port, `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)).status).toBe(400);
      const bomb = gzipSync(Buffer.alloc(64 << 20, 0x5b));
      const packed = {
        method: 'POST',
        target: `${prefix}/runs`,
        headers: [...json, ['Content-Encoding', 'gzip']] as Headers,
      };
      checkRefusal(await sendRaw(port, { ...packed, body: bomb }), 'a body packed with gzip', [400, 413, 415]);
    }
  });
});

describe('sources', () => {
  test('YAML and notebooks made to keep a parser busy are answered, and others need not wait', async () => {
    const sources = [
      ...Object.entries(hostileYaml).map(([name, yaml]) => [name, inCell(yaml)]),
      ...Object.entries(hostileNotebooks),
    ];
    const slow: string[] = [];
    const [sidecar] = target().servers;
    const { trainerPort } = target().app;
    for (const [name, source] of sources) {
      // Names a source that is not there, so that no run comes of it.
      const body = JSON.stringify({ source, overrides: ['data.source=missing.csv'] });
      const wait = await longestHold(sidecar, '/health', patience, async () => {
        const answer = await sendRaw(trainerPort, { method: 'POST', target: '/runs', headers: json, body });
        checkRefusal(answer, name, [413, 422]);
      });
      if (wait > patience) slow.push(`${name}: ${Math.round(wait)} ms`);
    }
    expect(slow).toEqual([]);
  });

  test('two hundred documents of open brackets end nobody', async () => {
    const lengths = Array.from({ length: 200 }, (_, i) => 600 + i * 97);
    await each(lengths, async (length) => {
      const body = JSON.stringify({ source: inCell('['.repeat(length)) });
      const [sidecar] = target().servers;
      checkRefusal(
        await sendRaw(sidecar.port, { method: 'POST', target: '/runs', headers: json, body }),
        `${length}`,
        [422],
      );
    });
  });

  test('configurations and overrides as large as they may be', async () => {
    const many = (count: number, entry: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => entry(i)).join(',');
    const bodies: Readonly<Record<string, string>> = {
      'unknown groups': `{"config":{${many(200_000, (i) => `"k${i}":1`)}}}`,
      'unknown keys': `{"config":{"train":{${many(200_000, (i) => `"epochs${i}":1`)}}}}`,
      'long unknown keys': `{"config":{"train":{${many(40, (i) => `"${'epochs'.repeat(10_000)}${i}":1`)}}}}`,
      'a list of a million': `{"config":{"train":{"epochs":[${many(1_000_000, () => '1')}]}}}`,
      'many timeframes': `{"config":{"features":{"timeframes":{${many(50_000, (i) => `"${i + 1}m":{"rsi":{}}`)}}}}}`,
      'many bad timeframes': `{"config":{"features":{"timeframes":{${many(50_000, (i) => `"x${i}":{"rsi":{"perod":1}}`)}}}}}`,
      'many flat timeframes': `{"config":{"timeframes":[${many(100_000, (i) => `"${i + 1}m"`)}]}}`,
      'long overrides': JSON.stringify({ overrides: Array(200).fill(`train.epochs=${'['.repeat(9900)}`) }),
      'overrides of quotes': JSON.stringify({ overrides: Array(200).fill(`train.epochs="${'\\"'.repeat(4900)}`) }),
      'overrides of dots': JSON.stringify({ overrides: Array(200).fill(`${'a.'.repeat(4900)}b=1`) }),
      'overrides of maps': JSON.stringify({
        overrides: Array(200).fill(`+features.timeframes={${many(900, (i) => `${i + 1}m:{}`)}}`.slice(0, 9999)),
      }),
      'overrides of spaces': JSON.stringify({ overrides: Array(200).fill(`train.epochs=${' '.repeat(9900)}x`) }),
      'overrides of unknown keys': JSON.stringify({
        overrides: Array.from({ length: 200 }, (_, i) => `${'train_epochs'.repeat(800)}${i}=1`),
      }),
      'a long source name': JSON.stringify({ config: { data: { source: '*?'.repeat(500_000) } } }),
      'a pattern of stars': JSON.stringify({ config: { data: { source: `${'*/'.repeat(500)}x.csv` } } }),
      'a sample of too much': JSON.stringify({ config: { data: { source: 'sample://market?bars=99999999999' } } }),
    };
    const slow: string[] = [];
    const [sidecar] = target().servers;
    const { trainerPort } = target().app;
    for (const [name, body] of Object.entries(bodies)) {
      const wait = await longestHold(sidecar, '/health', patience, async () => {
        checkRefusal(
          await sendRaw(trainerPort, { method: 'POST', target: '/runs', headers: json, body }, 30_000),
          name,
        );
      });
      if (wait > patience) slow.push(`${name}: ${Math.round(wait)} ms`);
    }
    expect(slow).toEqual([]);
  });

  test('a notebook file made to keep a page busy does not keep the web app from others', async () => {
    const slow: string[] = [];
    const [, web] = target().servers;
    const { port, home } = target().app;
    for (const [name, text] of Object.entries({ ...hostileNotebooks, laughter: inCell(hostileYaml.laughter) })) {
      writeFileSync(join(home, 'notebooks', 'hostile.md'), text);
      const wait = await longestHold(web, '/_app/version.json', patience, async () => {
        for (const path of ['/files/notebooks', '/files/notebooks/hostile', '/notebooks/hostile']) {
          const answer = await sendRaw(port, { target: path }, 30_000);
          expect(answer.status, `${name} ${path}`).toBe(200);
        }
      });
      if (wait > patience) slow.push(`${name}: ${Math.round(wait)} ms`);
    }
    expect(slow).toEqual([]);
  });
});

describe('data files', () => {
  test('bombs and odd files are refused in a child, while others are served', async () => {
    const data = join(target().app.home, 'notebooks', 'data');
    const zeros = gzipSync(Buffer.alloc(48 << 20, 0x30));
    const rows = gzipSync(Buffer.from('1700000000,1,1,1,1,1\n'.repeat(1_500_000)));
    const files: Readonly<Record<string, string | Uint8Array>> = {
      'zeros.csv.gz': zeros,
      'rows.csv.gz': rows,
      'zeros.json.gz': zeros,
      'zip.csv': zipSync({ 'bars.csv': Buffer.alloc(16 << 20, 0x30) }),
      'zip.csv.gz': zipSync({ 'bars.csv': Buffer.alloc(1 << 20, 0x30) }),
      'twice.csv.gz': gzipSync(gzipSync(someBars())),
      'deep.json': '['.repeat(5_000_000),
      'deep-objects.json': '{"a":'.repeat(1_000_000),
      'wide.csv': `${'a,'.repeat(1_000_000)}b\n`,
      'quotes.csv': '"'.repeat(4_000_000),
      'line.csv': 'x'.repeat(8_000_000),
      'reserved.csv': '__proto__,constructor,prototype\n1,2,3\n',
      'lying.parquet': Buffer.concat([
        Buffer.from('PAR1'),
        Buffer.alloc(64, 0x19),
        Buffer.from([0xff, 0xff, 0xff, 0x7f]),
        Buffer.from('PAR1'),
      ]),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(data, name), bytes);
    const [sidecar] = target().servers;
    const { trainerPort } = target().app;
    const resident = await residentBytes(target());
    const wait = await longestHold(sidecar, '/health', patience, async () => {
      await each(
        Object.keys(files),
        async (name) => {
          const body = JSON.stringify({ data: { source: `data/${name}` } });
          const answer = await sendRaw(
            trainerPort,
            { method: 'POST', target: '/data/inspect', headers: json, body },
            300_000,
          );
          checkRefusal(answer, name, [422]);
        },
        2,
      );
    });
    expect(wait).toBeLessThan(patience);
    expect((await residentBytes(target())) - resident).toBeLessThan(150 << 20);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
