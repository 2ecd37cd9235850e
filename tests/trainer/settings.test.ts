import { delimiter, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { localUrl, readSettings } from '#trainer/settings/settings.ts';

const given = 'given-by-a-person-once';

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
  expect(readSettings({ HOST: '0.0.0.0', ALMANAC_TOKEN: given }, random)).toMatchObject({
    token: given,
    tokenIsNew: false,
  });
});

test('a token is asked for on loopback too where one is set, where one may only look, and behind a proxy', () => {
  const random = () => 'made';
  expect(readSettings({ HOST: 'localhost', ALMANAC_TOKEN: given }, random)).toMatchObject({
    token: given,
    givenToken: given,
    readToken: null,
  });
  const looking = { token: 'made', tokenIsNew: true, givenToken: null, readToken: given };
  expect(readSettings({ ALMANAC_READ_TOKEN: given }, random)).toMatchObject(looking);
  expect(readSettings({ ALMANAC_ORIGIN: 'https://almanac.example' }, random).token).toBe('made');
  expect(readSettings({ ALMANAC_ORIGIN: 'https://localhost:8443' }, random).token).toBeNull();
  expect(readSettings({ HOST: '127.0.0.2' }, random).token).toBeNull();
});

test('a token that could be guessed, or is both, is refused in a sentence that does not show it', () => {
  const short = 'x'.repeat(19);
  for (const variable of ['ALMANAC_TOKEN', 'ALMANAC_READ_TOKEN']) {
    const sentence = `${variable} is not one; expected at least 20 characters: letters, digits and signs, no blanks.`;
    expect(() => readSettings({ [variable]: short })).toThrow(sentence);
    expect(() => readSettings({ [variable]: `${given} ${given}` })).toThrow(sentence);
  }
  const same = { ALMANAC_TOKEN: given, ALMANAC_READ_TOKEN: given };
  expect(() => readSettings(same)).toThrow('ALMANAC_READ_TOKEN is ALMANAC_TOKEN');
});

test('origins are declared as a browser shows them, one or several', () => {
  const declared = 'https://almanac.example, http://lan.example:8080/';
  expect(readSettings({ ALMANAC_ORIGIN: declared }).origins).toEqual([
    { scheme: 'https', host: 'almanac.example', port: 443 },
    { scheme: 'http', host: 'lan.example', port: 8080 },
  ]);
});

test('both files of TLS are named, or none', () => {
  expect(readSettings({ ALMANAC_TLS_CERT: '/a.pem', ALMANAC_TLS_KEY: '/b.pem' }).tls).toEqual({
    cert: resolve('/a.pem'),
    key: resolve('/b.pem'),
  });
  expect(() => readSettings({ ALMANAC_TLS_CERT: '/a.pem' })).toThrow('ALMANAC_TLS_KEY is not');
  expect(() => readSettings({ ALMANAC_TLS_KEY: '/a.pem' })).toThrow('ALMANAC_TLS_CERT is not');
});

test('a program of this machine calls the address that is bound', () => {
  const url = (env: Record<string, string>) => localUrl(readSettings(env), 4318);
  expect(url({})).toBe('http://127.0.0.1:4318');
  expect(url({ HOST: '0.0.0.0' })).toBe('http://127.0.0.1:4318');
  expect(url({ HOST: '::' })).toBe('http://[::1]:4318');
  expect(url({ HOST: 'fd00::2' })).toBe('http://[fd00::2]:4318');
  expect(url({ HOST: '10.0.0.5', ALMANAC_TLS_CERT: '/a', ALMANAC_TLS_KEY: '/b' })).toBe('https://10.0.0.5:4318');
});

test('folders are taken as in PATH', () => {
  expect(readSettings({ ALMANAC_DATA_DIRS: ['/a', '', 'b'].join(delimiter) }).dataDirs).toEqual(['/a', resolve('b')]);
});

test.each([
  [{ PORT: '0' }, 'PORT'],
  [{ TRAINER_PORT: '70000' }, 'TRAINER_PORT'],
  [{ ALMANAC_ENGINE: 'cuda' }, 'ALMANAC_ENGINE'],
  [{ ALMANAC_CONCURRENCY: 'many' }, 'ALMANAC_CONCURRENCY'],
  [{ ALMANAC_ORIGIN: 'almanac.example' }, 'ALMANAC_ORIGIN'],
  [{ ALMANAC_ORIGIN: 'https://almanac.example/path' }, 'ALMANAC_ORIGIN'],
])('%o is refused by its name', (env, name) => {
  expect(() => readSettings(env)).toThrow(new RegExp(`^${name} is`));
});
