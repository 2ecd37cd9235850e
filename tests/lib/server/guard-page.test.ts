import { describe, expect, it, vi } from 'vitest';

const env = vi.hoisted(() => ({ env: {} as Record<string, string> }));
vi.mock('$env/dynamic/private', () => env);

const { requestToJudge, rulesFor } = await import('#lib/server/guard-page.ts');
const { checkRequest } = await import('#core/guard/request.ts');
const { signIn } = await import('#lib/server/sign-in.ts');

type Event = Parameters<typeof requestToJudge>[0];

function event(path: string, init: RequestInit & { host?: string; raw?: string[] } = {}): Event {
  const { host = '127.0.0.1:4317', raw, ...rest } = init;
  const headers = new Headers(rest.headers);
  headers.set('host', host);
  const request = { method: rest.method ?? 'GET', headers };
  const platform = raw ? { req: { rawHeaders: raw } } : undefined;
  return { request, url: new URL(path, 'http://127.0.0.1:4317'), platform } as unknown as Event;
}
function verdict(of: Event) {
  return checkRequest(requestToJudge(of), rulesFor(of.url.pathname));
}

describe('guard of the web app', () => {
  it('serves loopback names on both ports and no other host', () => {
    env.env = {};
    for (const host of ['127.0.0.1:4317', 'localhost:4317', '[::1]:4318'])
      expect(verdict(event('/', { host })).ok).toBe(true);
    for (const host of ['evil.example', '127.0.0.1:80', 'localhost.evil.example:4317']) {
      expect(verdict(event('/', { host }))).toMatchObject({ ok: false, status: 421 });
    }
  });

  it('refuses two Host headers, which the parsed ones would hide', () => {
    env.env = {};
    const raw = ['Host', '127.0.0.1:4317', 'Host', 'evil.example'];
    expect(verdict(event('/', { raw }))).toMatchObject({ ok: false, status: 400 });
  });

  it('refuses changes from another site, and text where JSON is due', () => {
    env.env = {};
    const foreign = { method: 'POST', headers: { origin: 'http://evil.example', 'content-type': 'application/json' } };
    expect(verdict(event('/api/runs', foreign))).toMatchObject({ ok: false, status: 403 });
    const cross = { method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } };
    expect(verdict(event('/files/notebooks/x', cross))).toMatchObject({ ok: false, status: 403 });
    const plain = { method: 'POST', headers: { 'content-type': 'text/plain', 'content-length': '2' } };
    expect(verdict(event('/api/runs', plain))).toMatchObject({ ok: false, status: 415 });
    const save = { method: 'PUT', headers: { 'content-type': 'text/markdown', 'content-length': '2' } };
    expect(verdict(event('/files/notebooks/x', save)).ok).toBe(true);
    expect(verdict(event('/api/runs', { ...save, method: 'POST' }))).toMatchObject({ ok: false, status: 415 });
  });

  it('lets nobody in beyond loopback without the token, and takes it once from the address', () => {
    env.env = { HOST: '10.0.0.5' };
    const host = '10.0.0.5:4317';
    expect(verdict(event('/', { host }))).toMatchObject({ ok: false, status: 401 });
    env.env = { HOST: '10.0.0.5', ALMANAC_TOKEN: 'secret-token' };
    expect(verdict(event('/', { host }))).toMatchObject({ ok: false, status: 401 });
    expect(verdict(event('/', { host, headers: { cookie: 'almanac_token=secret-token' } })).ok).toBe(true);
    const signed = signIn(event('/runs/a?x=1&token=secret-token', { host }), 'secret-token');
    expect(signed?.status).toBe(303);
    expect(signed?.headers.get('location')).toBe('/runs/a?x=1');
    expect(signed?.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    expect(signIn(event('/?token=wrong', { host }), 'secret-token')).toBeNull();
  });
});
