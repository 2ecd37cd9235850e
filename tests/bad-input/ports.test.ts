import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '#tests/support/app.ts';
import { almanac, runProgram } from '#tests/support/almanac.ts';
import { runFolders } from '#tests/support/bad-input.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';
import { exitStatus } from '#trainer/exit-status.ts';

const sidecar = fileURLToPath(new URL('../../trainer/sidecar/main.ts', import.meta.url));
const start = fileURLToPath(new URL('../../trainer/start.ts', import.meta.url));

/** A port that somebody else listens on until the test ends. */
async function takenPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const sentence = (port: number, setting: string) =>
  new RegExp(
    `^almanac: [Pp]ort ${port} is in use, perhaps by another Almanac\\. Stop that one, or choose another port: ${setting}=\\d+`,
  );

test('the sidecar, started alone on a port in use, ends with one sentence that names the setting', async () => {
  const port = await takenPort();
  const home = temporaryHome();
  const { code, out, notes } = await runProgram(sidecar, [], { ALMANAC_HOME: home, TRAINER_PORT: String(port) });
  expect([code, out]).toEqual([exitStatus.unavailable, '']);
  expect(notes).toMatch(sentence(port, 'TRAINER_PORT'));
  expect(notes.trimEnd().split('\n')).toHaveLength(1);
  // It has let go of the home: another may take it.
  expect((await almanac(home, 'ls')).code).toBe(0);
});

test.each(['PORT', 'TRAINER_PORT'])(
  'npm start with %s in use ends before anything is started, and names it',
  async (setting) => {
    const ports: Record<string, number> = { PORT: await freePort(), TRAINER_PORT: await freePort() };
    ports[setting] = await takenPort();
    const home = temporaryHome();
    const env = { ALMANAC_HOME: home, PORT: String(ports['PORT']), TRAINER_PORT: String(ports['TRAINER_PORT']) };
    const { code, out, notes } = await runProgram(start, [], env);
    expect([code, out]).toEqual([exitStatus.unavailable, '']);
    expect(notes).toMatch(sentence(ports[setting], setting));
    expect(notes.trimEnd().split('\n')).toHaveLength(1);
    expect(runFolders(home)).toEqual([]);
  },
  300_000,
);

test.each([
  ['PORT as TRAINER_PORT', { PORT: '4555', TRAINER_PORT: '4555' }, exitStatus.config, 'both 4555; expected two ports'],
  ['a HOST without an address', { HOST: '999.1.1.1' }, exitStatus.config, 'HOST is "999.1.1.1"'],
  ["another machine's HOST", { HOST: '192.0.2.1' }, exitStatus.unavailable, 'no address of this machine'],
  ['a home that is a file', { ALMANAC_HOME: start }, exitStatus.cannotWrite, `ALMANAC_HOME is ${start}, which leads`],
])('npm start with %s ends with one sentence and a status of its own', async (_title, given, status, text) => {
  const env = { ALMANAC_HOME: temporaryHome(), PORT: String(await freePort()), ...given };
  const { code, out, notes } = await runProgram(start, [], env);
  expect([code, out]).toEqual([status, '']);
  expect(notes).toContain(text);
  expect(notes.trimEnd().split('\n')).toHaveLength(1);
});

test('npm start with a word that it does not know ends with its usage', async () => {
  const { code, notes } = await runProgram(start, ['--dve'], { ALMANAC_HOME: temporaryHome() });
  expect([code, notes]).toEqual([
    exitStatus.usage,
    'almanac: "--dve" means nothing here; usage: node trainer/start.ts [--dev]\n',
  ]);
});

test.each([
  ['PORT', 'abc', start],
  ['TRAINER_PORT', '70000', start],
  ['TRAINER_PORT', '-1', sidecar],
  ['ALMANAC_ENGINE', 'cuda', sidecar],
  ['ALMANAC_CONCURRENCY', '0', sidecar],
])(
  'a setting %s of %j is refused with what was expected',
  async (setting, value, program) => {
    const { code, notes } = await runProgram(program, [], { ALMANAC_HOME: temporaryHome(), [setting]: value });
    expect(code).toBe(exitStatus.config);
    expect(notes).toMatch(new RegExp(`^almanac: ${setting} is "${value}"; expected `));
    expect(notes).not.toContain('    at ');
  },
  300_000,
);
