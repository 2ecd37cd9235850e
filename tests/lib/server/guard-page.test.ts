import { describe, expect, it, vi } from 'vitest';

const env = vi.hoisted(() => ({ env: {} as Record<string, string> }));
vi.mock('$env/dynamic/private', () => env);

const { requestToJudge, rightOf, rulesFor } = await import('#lib/server/guard-page.ts');
const { checkRequest } = await import('#core/guard/request.ts');
const { placeToOpen, signIn, signOut } = await import('#lib/server/sign-in.ts');

const tokens = {
  ALMANAC_TOKEN: 'a-token-for-the-tests',
  ALMANAC_READ_TOKEN: 'another-one-for-looking',
  ALMANAC_SESSION_KEY: 'ab'.repeat(32),
};

type Event = Parameters<typeof requestToJudge>[0];

function event(path: string, init: RequestInit & { host?: string; raw?: string[] } = {}): Event {
  const { host = '127.0.0.1:4317', raw, ...rest } = init;
  const headers = new Headers(rest.headers);
  headers.set('host', host);
  const request = { method: rest.method ?? 'GET', headers };
  const platform = raw ? { req: { rawHeaders: raw } } : undefined;
  const set: Record<string, unknown>[] = [];
  const cookies = {
    set: (name: string, value: string, options: object) => set.push({ name, value, ...options }),
    delete: (name: string, options: object) => set.push({ name, ...options }),
  };
  const url = new URL(path, 'http://127.0.0.1:4317');
  return { request, url, platform, cookies, set, getClientAddress: () => '10.0.0.9' } as unknown as Event;
}
/** Cookies that were set. */
const cookiesOf = (of: Event) => (of as unknown as { set: Record<string, string>[] }).set;
async function verdict(of: Event) {
  return checkRequest(requestToJudge(of), rulesFor(of.url.pathname), await rightOf(of, requestToJudge(of)));
}

describe('guard of the web app', () => {
  it('serves loopback names on both ports and no other host', async () => {
    env.env = {};
    for (const host of ['127.0.0.1:4317', 'localhost:4317', '[::1]:4318'])
      expect((await verdict(event('/', { host }))).ok).toBe(true);
    for (const host of ['evil.example', '127.0.0.1:80', 'localhost.evil.example:4317']) {
      expect(await verdict(event('/', { host }))).toMatchObject({ ok: false, status: 421 });
    }
  });

  it('refuses two Host headers, which the parsed ones would hide', async () => {
    env.env = {};
    const raw = ['Host', '127.0.0.1:4317', 'Host', 'evil.example'];
    expect(await verdict(event('/', { raw }))).toMatchObject({ ok: false, status: 400 });
  });

  it('refuses changes from another site, and text where JSON is due', async () => {
    env.env = {};
    const foreign = { method: 'POST', headers: { origin: 'http://evil.example', 'content-type': 'application/json' } };
    expect(await verdict(event('/api/runs', foreign))).toMatchObject({ ok: false, status: 403 });
    const cross = { method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } };
    expect(await verdict(event('/files/notebooks/x', cross))).toMatchObject({ ok: false, status: 403 });
    const plain = { method: 'POST', headers: { 'content-type': 'text/plain', 'content-length': '2' } };
    expect(await verdict(event('/api/runs', plain))).toMatchObject({ ok: false, status: 415 });
    const save = { method: 'PUT', headers: { 'content-type': 'text/markdown', 'content-length': '2' } };
    expect((await verdict(event('/files/notebooks/x', save))).ok).toBe(true);
    expect(await verdict(event('/api/runs', { ...save, method: 'POST' }))).toMatchObject({ ok: false, status: 415 });
  });

  it('lets nobody in beyond loopback without the token', async () => {
    const host = '10.0.0.5:4317';
    env.env = { HOST: '10.0.0.5' };
    expect(await verdict(event('/', { host }))).toMatchObject({ ok: false, status: 401 });
    env.env = { ALMANAC_ORIGIN: 'https://almanac.example' };
    expect(await verdict(event('/', { host: 'almanac.example' }))).toMatchObject({ ok: false, status: 401 });
    env.env = { HOST: '10.0.0.5', ...tokens };
    expect(await verdict(event('/', { host }))).toMatchObject({ ok: false, status: 401 });
    const bearer = { authorization: `Bearer ${tokens.ALMANAC_TOKEN}` };
    expect((await verdict(event('/', { host, headers: bearer }))).ok).toBe(true);
  });

  it('asks for a token that is set on loopback as well', async () => {
    env.env = tokens;
    expect(await verdict(event('/'))).toMatchObject({ ok: false, status: 401 });
  });

  it('gives a session for the token, which opens and says nothing of it', async () => {
    env.env = { HOST: '10.0.0.5', ...tokens };
    const host = '10.0.0.5:4317';
    const signing = event('/sign-in', { host, headers: { origin: `http://${host}` } });
    expect(await signIn(signing, 'not-the-token')).toBe('none');
    expect(cookiesOf(signing)).toEqual([]);
    expect(await signIn(signing, tokens.ALMANAC_TOKEN)).toBe('in');
    const [{ name, value, ...options }] = cookiesOf(signing);
    expect(options).toEqual({ path: '/', httpOnly: true, sameSite: 'lax', secure: false, maxAge: 2_592_000 });
    expect(name).toBe('almanac_session_4317');
    expect(value).not.toContain(tokens.ALMANAC_TOKEN);
    expect((await verdict(event('/', { host, headers: { cookie: `${name}=${value}` } }))).ok).toBe(true);
    signOut(signing);
    expect(cookiesOf(signing)[1]).toMatchObject({ name, path: '/' });
  });

  it('marks the session as secure where the browser speaks TLS', async () => {
    env.env = { ...tokens, ALMANAC_ORIGIN: 'https://almanac.example' };
    for (const [host, origin] of [
      ['almanac.example', undefined],
      ['127.0.0.1:4317', 'https://almanac.example'],
      ['127.0.0.1:4317', undefined],
    ]) {
      const signing = event('/sign-in', { host, headers: origin === undefined ? {} : { origin } });
      await signIn(signing, tokens.ALMANAC_TOKEN);
      expect(cookiesOf(signing)[0], `${host} ${origin}`).toMatchObject({ secure: true });
    }
  });

  it('opens after signing in only what lies below its own address, without a token', () => {
    expect(placeToOpen('/runs/a?x=1&token=secret')).toBe('/runs/a?x=1');
    for (const elsewhere of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'evil',
      '',
      '/..//evil.example',
    ])
      expect(placeToOpen(elsewhere), elsewhere).toMatch(/^\/($|evil)/);
  });
});
