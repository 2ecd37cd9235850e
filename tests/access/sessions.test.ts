import { expect, test } from 'vitest';
import { openSessions, sessionSeconds } from '#access/sessions.ts';

const key = 'ab'.repeat(32);
const token = 'a-token-for-the-tests';

test('a session holds for its 30 days and not a second longer', () => {
  let now = 1_700_000_000_000;
  const sessions = openSessions(key, token, () => now);
  const value = sessions.begin();
  expect(sessions.holds(value)).toBe(true);
  now += sessionSeconds * 1000 - 1;
  expect(sessions.holds(value)).toBe(true);
  now += 1;
  expect(sessions.holds(value)).toBe(false);
});

test('another token, another home or another end makes it worthless, and it shows neither secret', () => {
  const value = openSessions(key, token).begin();
  expect(openSessions(key, token).holds(value)).toBe(true);
  expect(openSessions(key, 'another-token-for-tests').holds(value)).toBe(false);
  expect(openSessions('cd'.repeat(32), token).holds(value)).toBe(false);
  const [ends, mac] = value.split('.');
  const later = (Number.parseInt(ends, 36) + 1).toString(36);
  for (const forged of [`${later}.${mac}`, `${ends}.${mac}x`, `${ends}.`, ends, '', token, `${value}, ${value}`]) {
    expect(openSessions(key, token).holds(forged), forged).toBe(false);
  }
  expect(value).not.toContain(token);
  expect(value).not.toContain(key);
});
