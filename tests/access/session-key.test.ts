import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSessionKey } from '#access/session-key.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

test('the key is made once, for its owner alone, and stays', () => {
  const runs = join(temporaryFolder(), 'runs');
  const key = openSessionKey(runs);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(openSessionKey(runs)).toBe(key);
  expect(statSync(join(runs, 'session.key')).mode & 0o777).toBe(0o600);
  expect(openSessionKey(join(temporaryFolder(), 'runs'))).not.toBe(key);
});

test('a file that holds none is replaced, and what cannot be read is said', () => {
  const runs = join(temporaryFolder(), 'runs');
  mkdirSync(runs);
  for (const damage of ['', 'short', 'x'.repeat(64)]) {
    writeFileSync(join(runs, 'session.key'), damage);
    const key = openSessionKey(runs);
    expect(readFileSync(join(runs, 'session.key'), 'utf8').trim()).toBe(key);
  }
  const other = join(temporaryFolder(), 'runs');
  mkdirSync(join(other, 'session.key'), { recursive: true });
  expect(() => openSessionKey(other)).toThrow(/session\.key cannot be read or written \(no file\)/);
});
