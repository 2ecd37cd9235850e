import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerValues, parseAuthority } from '#core/guard/authority.ts';
import { bearerOf, cookiesNamed, isToken, type Right } from '#core/guard/credential.ts';
import { callableHost, hostsOf, isLoopback, loopbackHosts } from '#core/guard/listening.ts';
import { parseOrigin } from '#core/guard/origin.ts';
import { isReachedByTls, type OwnNames } from '#core/guard/own-names.ts';
import { checkPlace, checkRequest, type GuardedRequest, type GuardRules } from '#core/guard/request.ts';

const own: OwnNames = { scheme: 'http', ports: [4317, 4318], hosts: loopbackHosts, origins: [] };
const rules: GuardRules = { own };
const ours = {
  method: 'POST',
  url: '/runs',
  hosts: ['127.0.0.1:4318'],
  contentType: 'application/json',
  hasBody: true,
};
const status = (request: Partial<GuardedRequest>, given = rules, right?: Right) => {
  const verdict = checkRequest({ ...ours, ...request }, given, right);
  return verdict.ok ? 200 : verdict.status;
};

describe('host', () => {
  test.each(['127.0.0.1:4317', '127.0.0.1:4318', 'localhost:4317', 'LOCALHOST:4318', '[::1]:4318'])(
    '%s is ours',
    (host) => {
      expect(status({ hosts: [host] })).toBe(200);
      expect(status({ method: 'GET', hasBody: false, hosts: [host] })).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:4318',
    '127.0.0.1.nip.io:4318',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1:43180',
    'localhost.:4318',
    'localhost:4318@evil.example',
    'evil.example@localhost:4318',
    '0.0.0.0:4318',
    '[::ffff:127.0.0.1]:4318',
    '127.1:4318',
    '2130706433:4318',
    'localhost:4318, evil.example',
    ' localhost:4318',
    'localhost:+4318',
    '',
  ])('%j is not, for reading either', (host) => {
    expect(status({ hosts: [host] })).toBe(421);
    expect(status({ method: 'GET', hasBody: false, hosts: [host] })).toBe(421);
  });

  test('two Host headers, or none, are malformed', () => {
    expect(status({ hosts: ['127.0.0.1:4318', 'evil.example'] })).toBe(400);
    expect(status({ hosts: ['127.0.0.1:4318', '127.0.0.1:4318'] })).toBe(400);
    expect(status({ hosts: [] })).toBe(400);
    expect(headerValues(['Host', 'a', 'X', 'host', 'HOST', 'b'], 'host')).toEqual(['a', 'b']);
  });

  test.each([
    ['http://127.0.0.1:4318/runs', 200],
    ['http://localhost:4318/runs', 421],
    ['http://evil.example/runs', 421],
    ['http://evil.example:4318/runs', 421],
    ['http://127.0.0.1:4318@evil.example/runs', 421],
    ['http://127.0.0.1:4318//evil.example/runs', 400],
    ['//evil.example/runs', 400],
    ['/\\evil.example', 400],
    ['http:\\\\evil.example', 400],
    ['ftp://127.0.0.1:4318/', 400],
    ['*', 400],
    ['/runs?next=//evil.example', 200],
  ])('target %s', (url, expected) => {
    expect(status({ url })).toBe(expected);
  });
});

describe('site', () => {
  const foreign = [
    'http://evil.example',
    'null',
    '',
    'https://127.0.0.1:4317',
    'http://127.0.0.1:4316',
    'http://127.0.0.1',
    'http://127.0.0.1:4317.evil.example',
    'http://localhost.evil.example:4317',
    'http://127.0.0.1:4317, http://evil.example',
    'http://127.0.0.1:4317/',
    'file://',
  ];
  const types = ['application/json', 'text/plain', 'TEXT/PLAIN', 'multipart/form-data; boundary=x', undefined];

  test('a foreign origin changes nothing, by any method and any type', () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'post', 'FOO']) {
      for (const contentType of types) {
        for (const origin of foreign) expect(status({ method, contentType, origin }), `${method} ${origin}`).toBe(403);
        for (const secFetchSite of ['cross-site', 'same-site', 'SAME-ORIGIN', '']) {
          expect(status({ method, contentType, secFetchSite })).toBe(403);
          expect(status({ method, contentType, secFetchSite, origin: 'http://127.0.0.1:4317' })).toBe(403);
        }
        expect(status({ method, contentType, secFetchSite: 'same-origin', origin: 'http://evil.example' })).toBe(403);
      }
    }
  });

  test('an origin that agrees with a foreign host is still foreign', () => {
    expect(status({ hosts: ['evil.example:4318'], origin: 'http://evil.example:4318' })).toBe(421);
  });

  test('ours may, and scripts that name neither', () => {
    expect(status({ origin: 'http://127.0.0.1:4317', secFetchSite: 'same-origin' })).toBe(200);
    expect(status({ origin: 'http://localhost:4318' })).toBe(200);
    expect(status({ origin: 'http://[::1]:4317' })).toBe(200);
    expect(status({ secFetchSite: 'none' })).toBe(200);
    expect(status({})).toBe(200);
  });

  test('an upgrade is judged as a change, though it is a GET', () => {
    const upgrade = { method: 'GET', hasBody: false, isUpgrade: true };
    expect(status({ ...upgrade, origin: 'http://evil.example' })).toBe(403);
    expect(status({ ...upgrade, origin: 'http://127.0.0.1:4317' })).toBe(200);
    expect(status({ ...upgrade, url: '//evil.example/ws', origin: 'http://evil.example' })).toBe(400);
  });

  test('reading is allowed from anywhere a browser may send it, since no answer permits the page to see it', () => {
    expect(status({ method: 'GET', hasBody: false, origin: 'http://evil.example', secFetchSite: 'cross-site' })).toBe(
      200,
    );
    expect(status({ method: 'HEAD', hasBody: false, secFetchSite: 'cross-site' })).toBe(200);
  });
});

describe('body', () => {
  test.each([
    ['application/json', 200],
    ['Application/JSON; charset=utf-8', 200],
    ['text/plain', 415],
    ['TEXT/PLAIN', 415],
    ['text/plain; application/json', 415],
    ['application/jsonx', 415],
    ['multipart/form-data', 415],
    ['', 415],
    [null, 415],
  ])('of type %s', (contentType, expected) => {
    expect(status({ contentType })).toBe(expected);
  });

  test('a request without one needs no type', () => {
    expect(status({ url: '/runs/x/cancel', contentType: null, hasBody: false })).toBe(200);
  });

  test('a server may take other types', () => {
    expect(status({ contentType: 'text/markdown' }, { ...rules, bodyTypes: ['text/markdown'] })).toBe(200);
  });
});

describe('right', () => {
  const reading = { method: 'GET', hasBody: false };

  test('is asked for on every request, reading too', () => {
    expect([status({}, rules, 'none'), status(reading, rules, 'none')]).toEqual([401, 401]);
    expect([status({}, rules, 'wait'), status(reading, rules, 'wait')]).toEqual([429, 429]);
    expect([status({}, rules, 'all'), status(reading, rules, 'all')]).toEqual([200, 200]);
  });

  test('to look lets read and follow, and change nothing by any method', () => {
    expect(status(reading, rules, 'read')).toBe(200);
    expect(status({ ...reading, method: 'HEAD' }, rules, 'read')).toBe(200);
    expect(status({ ...reading, isUpgrade: true }, rules, 'read')).toBe(200);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'FOO']) {
      expect(status({ method }, rules, 'read'), method).toBe(403);
    }
  });

  test('does not open the door to other sites or under other names', () => {
    expect(status({ origin: 'http://evil.example' }, rules, 'all')).toBe(403);
    expect(status({ hosts: ['evil.example'] }, rules, 'none')).toBe(421);
    expect(status({ ...reading, isUpgrade: true, origin: 'http://evil.example' }, rules, 'read')).toBe(403);
  });

  test('of a bearer, else of cookies of our name, all of them', () => {
    expect(bearerOf('Bearer a-b')).toBe('a-b');
    expect(bearerOf('bearer   a-b')).toBe('a-b');
    for (const other of ['Basic a-b', 'Bearer', 'Bearer ', 'Bearer a b', 'xBearer a', null, undefined]) {
      expect(bearerOf(other)).toBeUndefined();
    }
    expect(cookiesNamed('a=b; s_1=x=y; s_1=z; xs_1=1; s_12=2', 's_1')).toEqual(['x=y', 'z']);
    expect(cookiesNamed(null, 's_1')).toEqual([]);
  });

  test('of a token that is long enough and travels in a header', () => {
    expect(isToken('a'.repeat(20))).toBe(true);
    for (const bad of [
      'a'.repeat(19),
      '',
      ' '.repeat(20),
      `${'a'.repeat(20)} `,
      'ä'.repeat(20),
      `${'a'.repeat(20)}\n`,
    ]) {
      expect(isToken(bad), JSON.stringify(bad)).toBe(false);
    }
  });
});

describe('names beyond loopback', () => {
  const machine = () => ['box', '10.0.0.5', 'fd00::2'];
  const named = (names: Partial<OwnNames>): GuardRules => ({ own: { ...own, ...names } });

  test('those of the machine where every address is listened on, that address where it is one', () => {
    for (const everywhere of ['0.0.0.0', '::', '[::]']) {
      expect(hostsOf(everywhere, machine)).toEqual([...loopbackHosts, 'box', '10.0.0.5', 'fd00::2']);
    }
    expect(hostsOf('[FD00::2]', machine)).toEqual([...loopbackHosts, 'fd00::2']);
    expect(hostsOf('localhost', machine)).toEqual(loopbackHosts);
    expect(['0.0.0.0', '::', '[fd00::2]', '10.0.0.5', 'localhost'].map(callableHost)).toEqual([
      ...['127.0.0.1', '::1', 'fd00::2', '10.0.0.5', 'localhost'],
    ]);
    expect(['127.0.0.1', '127.0.0.2', '[::1]', 'LOCALHOST'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['0.0.0.0', '10.0.0.5', '127.0.0.1.nip.io', '1270.0.0.1'].map(isLoopback)).toEqual(Array(4).fill(false));
  });

  test('are ours as Host and as Origin, in the scheme we speak', () => {
    const plain = named({ hosts: hostsOf('0.0.0.0', machine) });
    for (const host of ['10.0.0.5:4317', '[fd00::2]:4318', 'box:4317', '127.0.0.1:4317']) {
      expect(status({ hosts: [host], origin: `http://${host}` }, plain), host).toBe(200);
      expect(status({ hosts: [host], origin: `https://${host}` }, plain), host).toBe(403);
      const tls = named({ hosts: hostsOf('0.0.0.0', machine), scheme: 'https' });
      expect(status({ hosts: [host], origin: `https://${host}` }, tls), host).toBe(200);
      expect(status({ hosts: [host], origin: `http://${host}` }, tls), host).toBe(403);
    }
    expect(status({ hosts: ['10.0.0.6:4317'] }, plain)).toBe(421);
    expect(status({ hosts: ['10.0.0.5'] }, named({ hosts: ['10.0.0.5'], ports: [80, 4318] }))).toBe(200);
    expect(status({ hosts: ['10.0.0.5'] }, named({ hosts: ['10.0.0.5'], ports: [443], scheme: 'https' }))).toBe(200);
    expect(status({ hosts: ['10.0.0.5'] }, named({ hosts: ['10.0.0.5'], ports: [80], scheme: 'https' }))).toBe(421);
  });

  test('a declared origin is ours with Host kept or changed by the proxy, and no other with it', () => {
    const origins = ['https://almanac.example', 'http://lan.example:8080'].map((text) => parseOrigin(text)!);
    const proxied = named({ origins });
    for (const [host, origin, expected] of [
      ['almanac.example', 'https://almanac.example', 200],
      ['almanac.example:443', 'https://almanac.example', 200],
      ['127.0.0.1:4317', 'https://almanac.example', 200],
      ['ALMANAC.example', 'https://almanac.example:443', 200],
      // What nginx writes for $host.
      ['lan.example', 'http://lan.example:8080', 200],
      ['lan.example:8080', 'http://lan.example:8080', 200],
      ['almanac.example', 'http://almanac.example', 403],
      ['almanac.example', 'https://almanac.example:8443', 403],
      ['almanac.example', 'https://evil.example', 403],
      ['almanac.example', 'https://almanac.example.evil.example', 403],
      ['almanac.example', 'https://almanac.example, https://evil.example', 403],
      ['almanac.example', 'https://lan.example:8080', 403],
      ['almanac.example:80', 'https://almanac.example', 421],
      ['almanac.example:4317', 'https://almanac.example', 421],
      ['lan.example:80', 'http://lan.example:8080', 421],
      ['evil.example', 'https://almanac.example', 421],
    ] as const) {
      expect(status({ hosts: [host], origin }, proxied), `${host} ${origin}`).toBe(expected);
    }
    // The same requests with nothing declared.
    expect(status({ hosts: ['almanac.example'] })).toBe(421);
    expect(status({ origin: 'https://almanac.example' })).toBe(403);
  });

  test('an origin is read strictly', () => {
    expect(parseOrigin('https://Almanac.example')).toEqual({ scheme: 'https', host: 'almanac.example', port: 443 });
    expect(parseOrigin('http://[::1]:4317')).toEqual({ scheme: 'http', host: '::1', port: 4317 });
    for (const bad of [
      'null',
      '',
      'https://',
      'https://a/',
      'https://a?b',
      'ftp://a',
      'https://a@b',
      'HTTPS://a',
      ' https://a',
    ]) {
      expect(parseOrigin(bad), bad).toBeUndefined();
    }
  });

  test('whether a browser is reached by TLS follows from what it says of itself and what was declared', () => {
    const origins = [parseOrigin('https://almanac.example')!];
    const by = (host: string, origin: string | null, names: Partial<OwnNames> = { origins }) =>
      isReachedByTls({ hosts: [host], origin }, { ...own, ...names });
    expect(by('127.0.0.1:4317', 'https://almanac.example')).toBe(true);
    expect(by('127.0.0.1:4317', 'http://127.0.0.1:4317')).toBe(false);
    expect(by('almanac.example', null)).toBe(true);
    expect(by('127.0.0.1:4317', null)).toBe(true);
    expect(by('10.0.0.5:4317', null)).toBe(false);
    expect(by('127.0.0.1:4317', null, {})).toBe(false);
    expect(by('10.0.0.5:4317', null, { scheme: 'https' })).toBe(true);
  });

  test('a stranger is not told the names of the machine', () => {
    const verdict = checkPlace({ ...ours, hosts: ['evil.example'] }, named({ hosts: hostsOf('0.0.0.0', machine) }));
    expect(JSON.stringify(verdict)).not.toMatch(/10\.0\.0\.5|fd00|box/);
    expect(verdict).toMatchObject({ ok: false, status: 421, code: 'wrong_host' });
  });
});

test('no answer repeats what a stranger sent', () => {
  for (const request of [
    { hosts: ['evil.example'] },
    { origin: 'http://evil.example' },
    { url: 'http://evil.example/' },
  ]) {
    expect(JSON.stringify(checkRequest({ ...ours, ...request }, rules))).not.toContain('evil');
  }
});

test('an authority is read strictly, and reading never throws', () => {
  expect(parseAuthority('[::1]:4317')).toEqual({ host: '::1', port: 4317 });
  expect(parseAuthority('localhost')).toEqual({ host: 'localhost', port: null });
  expect(parseAuthority('localhost:65536')).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (host, url, origin) => {
      expect(checkRequest({ ...ours, hosts: [host], url, origin }, rules).ok).toBe(false);
    }),
  );
});
