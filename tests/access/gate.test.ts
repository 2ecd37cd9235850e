import { expect, test } from 'vitest';
import { openGate } from '#access/gate.ts';

const settings = {
  token: 'a-token-for-the-tests',
  readToken: 'another-one-for-looking',
  sessionKey: 'ab'.repeat(32),
  port: 4317,
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('each token gives its right, as a bearer and as a session; nothing else gives one', async () => {
  const gate = openGate(settings);
  for (const [token, right] of [
    [settings.token, 'all'],
    [settings.readToken, 'read'],
  ] as const) {
    expect(await gate.rightOf(bearer(token), '10.0.0.1')).toBe(right);
    const session = await gate.signIn(token, '10.0.0.1');
    if (typeof session === 'string') throw new Error(`signing in ended with ${session}`);
    expect(session.name).toBe('almanac_session_4317');
    expect(await gate.rightOf({ cookie: `${session.name}=${session.value}` }, '10.0.0.1')).toBe(right);
    // One that another service has set under our name takes nobody out.
    expect(await gate.rightOf({ cookie: `${session.name}=x; ${session.name}=${session.value}` }, '')).toBe(right);
    expect(await gate.rightOf({ cookie: `almanac_session_4400=${session.value}` }, '')).toBe('none');
    expect(await gate.rightOf(bearer(session.value), '10.0.0.2')).toBe('none');
    expect(await gate.rightOf({ cookie: `${session.name}=${token}` }, '')).toBe('none');
  }
  expect(await gate.rightOf({}, '10.0.0.1')).toBe('none');
  expect(await gate.signIn('', '10.0.0.1')).toBe('none');
  expect(await gate.signIn(settings.token.slice(0, -1), '10.0.0.1')).toBe('none');
  expect(await openGate({ ...settings, readToken: null }).rightOf(bearer(settings.readToken), '')).toBe('none');
});

test('a wrong bearer beside a good session counts as what it is', async () => {
  const gate = openGate(settings);
  const session = await gate.signIn(settings.token, '');
  if (typeof session === 'string') throw new Error(session);
  const cookie = `${session.name}=${session.value}`;
  expect(await gate.rightOf({ ...bearer('wrong'), cookie }, '10.0.0.1')).toBe('none');
  // Of a proxy that asks for a password of its own.
  expect(await gate.rightOf({ authorization: 'Basic dXNlcjpwYXNz', cookie }, '10.0.0.1')).toBe('all');
});

test('guesses slow down guesses, never those who are signed in, nor sessions that have ended', async () => {
  const gate = openGate(settings);
  const session = await gate.signIn(settings.token, '10.0.0.1');
  if (typeof session === 'string') throw new Error(session);
  for (let i = 0; i < 1000; i++) await gate.rightOf({ cookie: `${session.name}=0.${'x'.repeat(43)}` }, '10.0.0.1');
  expect(await gate.rightOf(bearer(settings.token), '10.0.0.1')).toBe('all');
  const guesses = Array.from({ length: 100 }, () => gate.rightOf(bearer('wrong'), '10.0.0.1'));
  expect(await Promise.race([Promise.any(guesses.slice(50)), guesses[99]])).toBe('wait');
  expect(await gate.rightOf({ cookie: `${session.name}=${session.value}` }, '10.0.0.1')).toBe('all');
  expect(await gate.rightOf(bearer(settings.token), '10.0.0.2')).toBe('all');
  expect(await gate.signIn(settings.token, '10.0.0.1')).toBe('wait');
});
