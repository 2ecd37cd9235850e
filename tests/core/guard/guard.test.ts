import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerValues, parseAuthority } from '#core/guard/authority.ts';
import { checkRequest, type GuardedRequest, type GuardRules, loopbackHosts } from '#core/guard/request.ts';
import { equalSecret, presentedToken } from '#core/guard/token.ts';

const rules: GuardRules = { ports: [4317, 4318], hosts: loopbackHosts };
const ours = {
  method: 'POST',
  url: '/runs',
  hosts: ['127.0.0.1:4318'],
  contentType: 'application/json',
  hasBody: true,
};
const status = (request: Partial<GuardedRequest>, given = rules) => {
  const verdict = checkRequest({ ...ours, ...request }, given);
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

describe('token', () => {
  const guarded = { ...rules, hosts: [...loopbackHosts, '10.0.0.5'], token: 'sesame' };

  test('is asked for on every request, reading too', () => {
    expect(status({}, guarded)).toBe(401);
    expect(status({ method: 'GET', hasBody: false }, guarded)).toBe(401);
    expect(status({ authorization: 'Bearer sesam' }, guarded)).toBe(401);
    expect(status({ authorization: 'Bearer sesame2' }, guarded)).toBe(401);
    expect(status({ authorization: 'Bearer ' }, guarded)).toBe(401);
    expect(status({ authorization: 'Bearer sesame' }, guarded)).toBe(200);
    expect(status({ cookie: 'a=b; almanac_token=sesame' }, guarded)).toBe(200);
    expect(status({ hosts: ['10.0.0.5:4318'], authorization: 'bearer sesame' }, guarded)).toBe(200);
  });

  test('does not open the door to other sites', () => {
    expect(status({ cookie: 'almanac_token=sesame', origin: 'http://evil.example' }, guarded)).toBe(403);
  });

  test('an empty secret is never matched', () => {
    expect(equalSecret('', '')).toBe(false);
    expect(presentedToken({ cookie: 'xalmanac_token=1' })).toBeUndefined();
    fc.assert(fc.property(fc.string(), fc.string({ minLength: 1 }), (a, b) => equalSecret(a, b) === (a === b)));
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
  expect(parseAuthority('localhost')).toEqual({ host: 'localhost', port: 80 });
  expect(parseAuthority('localhost:65536')).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (host, url, origin) => {
      expect(checkRequest({ ...ours, hosts: [host], url, origin }, rules).ok).toBe(false);
    }),
  );
});
