import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { readSettings } from '#trainer/settings/settings.ts';

const secret = 'a-secret-of-the-tests';

/** A home and a user, each with a settings file where a text is given. */
function places({ home, user }: { readonly home?: string; readonly user?: string }) {
  const [homeFolder, config] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(config, 'almanac'));
  const paths = { home: join(homeFolder, 'almanac.yaml'), user: join(config, 'almanac', 'almanac.yaml') };
  if (home !== undefined) writeFileSync(paths.home, home);
  if (user !== undefined) writeFileSync(paths.user, user);
  return { homeFolder, paths, env: { ALMANAC_HOME: homeFolder, XDG_CONFIG_HOME: config, HOME: '/nobody' } };
}

test('the environment wins over the file of the home, that over the one of the user, that over the default', () => {
  const { env } = places({
    home: 'port: 4401\ntrainer_port: 4402\n',
    user: 'port: 1\ntrainer_port: 2\nconcurrency: 3\n',
  });
  expect(readSettings({ ...env, PORT: '5000' })).toMatchObject({
    port: 5000,
    trainerPort: 4402,
    concurrency: 3,
    host: '127.0.0.1',
  });
});

test('folders are a list from the folder of their file, and ~ is that of the user', () => {
  const { env, homeFolder } = places({ home: 'data_dirs: [bars, ~/more, /else]\n' });
  expect(readSettings(env).dataDirs).toEqual([join(homeFolder, 'bars'), '/nobody/more', '/else']);
  const one = places({ home: 'data_dirs: bars\n' });
  expect(readSettings(one.env).dataDirs).toEqual([join(one.homeFolder, 'bars')]);
});

test('the home is said by the file of the user, and its own file cannot move it', () => {
  const { env, paths } = places({ user: 'home: /elsewhere\n' });
  expect(readSettings({ ...env, ALMANAC_HOME: '' }).home).toBe('/elsewhere');
  writeFileSync(paths.home, 'home: /elsewhere\n');
  expect(() => readSettings(env)).toThrow(`${paths.home}: home cannot stand here. The file lies in the home itself; set it in ${paths.user}, or as ALMANAC_HOME.`); // prettier-ignore
});

test.each([
  ['prot: 4400', '"prot" is no setting; did you mean port?'],
  ['ALMANAC_ENGINE: wasm', '"ALMANAC_ENGINE" is no setting; did you mean engine?'],
  ['colour: red', '"colour" is no setting; known are port, trainer_port,'],
  ['port: many', 'port is "many"; expected a port from 1 to 65535.'],
  ['port: [1, 2]', 'port is [1,2]; expected a port from 1 to 65535.'],
  ['engine: cuda', 'engine is "cuda"; expected auto, '],
  ['data_dirs: {a: 1}', 'data_dirs is {"a":1}; expected a list of folders.'],
  ['threads: 0', 'threads is "0"; expected a whole number from 1 to 64.'],
  ['- port', 'expected lines of key: value, e.g. port: 4317.'],
])('%j is refused by file and key', (text, message) => {
  const { env, paths } = places({ home: `${text}\n` });
  expect(() => readSettings(env)).toThrow(`${paths.home}: ${message}`);
});

test('what is no YAML is refused at its line, and an empty value is none', () => {
  const { env, paths } = places({ home: 'port: 1\nhost: [\n' });
  expect(() => readSettings(env)).toThrow(new RegExp(`^${paths.home}:\\d+:\\d+: this is not YAML: `));
  expect(readSettings(places({ home: '# nothing\nengine:\nport: ""\n' }).env)).toMatchObject({
    engine: null,
    port: 4317,
  });
});

test('a token of a file is asked for, and a client shows it', () => {
  const { env } = places({ user: `token: ${secret}\n` });
  for (const HOST of ['127.0.0.1', '0.0.0.0']) {
    expect(readSettings({ ...env, HOST })).toMatchObject({ token: secret, givenToken: secret, tokenIsNew: false });
  }
});

test('what only engines read is handed on as the variables they read, where a file said it', () => {
  const { env, homeFolder } = places({ home: 'threads: 2\nnative: built\ngpu_adapter: H200\n' });
  expect(readSettings({ ...env, ALMANAC_GPU_ADAPTER: 'A100' }).engineVariables).toEqual({
    ALMANAC_THREADS: '2',
    ALMANAC_NATIVE: join(homeFolder, 'built'),
  });
});

test('almanac config says of every setting where it comes from, and shows no token', async () => {
  const { env, paths, homeFolder } = places({
    home: `port: 4400\ntoken: ${secret}\norigin: [https://almanac.example]\n`,
  });
  const { code, out } = await commandLine({ ...env, ALMANAC_ENGINE: 'wasm' }, ['config', '--json']);
  expect(code).toBe(0);
  expect(out).not.toContain(secret);
  expect(JSON.parse(out)).toMatchObject({
    files: [paths.home, paths.user],
    settings: expect.arrayContaining([
      expect.objectContaining({ key: 'port', value: 4400, from: paths.home }),
      expect.objectContaining({ key: 'engine', value: 'wasm', from: 'environment ALMANAC_ENGINE' }),
      expect.objectContaining({ key: 'home', value: homeFolder, from: 'environment ALMANAC_HOME' }),
      expect.objectContaining({ key: 'host', value: '127.0.0.1', from: 'default' }),
      expect.objectContaining({ key: 'origin', value: ['https://almanac.example'] }),
      expect.objectContaining({ key: 'token', value: '(hidden)', from: paths.home }),
    ]),
  });
  const { out: shown } = await commandLine(env, ['config'], 80);
  expect(shown).toMatch(/^port +4400 {2}\(.*almanac\.yaml\)\n +Port of the page$/m);
  writeFileSync(paths.home, 'port: x\n');
  expect(await commandLine(env, ['config'])).toMatchObject({ code: 1, out: '' });
});
