import { delimiter, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '#trainer/settings/settings.ts';

test('without variables everything is on loopback, without a token', () => {
  const settings = readSettings({});
  expect(settings).toMatchObject({
    port: 4317,
    trainerPort: 4318,
    host: '127.0.0.1',
    engine: null,
    concurrency: null,
    token: null,
  });
  expect(settings.runs).toBe(join(settings.home, 'runs'));
});

test('an address beyond loopback asks for a token: the given one, else a new one at each start', () => {
  let made = 0;
  const random = () => `made-${++made}`;
  expect(readSettings({ HOST: '0.0.0.0' }, random)).toMatchObject({ token: 'made-1', tokenIsNew: true });
  expect(readSettings({ HOST: '0.0.0.0', ALMANAC_TOKEN: 'given' }, random)).toMatchObject({
    token: 'given',
    tokenIsNew: false,
  });
  expect(readSettings({ HOST: 'localhost', ALMANAC_TOKEN: 'given' }, random).token).toBeNull();
});

test('folders are taken as in PATH', () => {
  expect(readSettings({ ALMANAC_DATA_DIRS: ['/a', '', 'b'].join(delimiter) }).dataDirs).toEqual(['/a', resolve('b')]);
});

test.each([
  [{ PORT: '0' }, 'PORT'],
  [{ TRAINER_PORT: '70000' }, 'TRAINER_PORT'],
  [{ ALMANAC_ENGINE: 'cuda' }, 'ALMANAC_ENGINE'],
  [{ ALMANAC_CONCURRENCY: 'many' }, 'ALMANAC_CONCURRENCY'],
])('%o is refused by its name', (env, name) => {
  expect(() => readSettings(env)).toThrow(new RegExp(`^${name} is`));
});
