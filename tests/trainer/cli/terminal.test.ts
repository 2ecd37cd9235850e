import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunDetail } from '#core/run/summary.ts';
import { almanac } from '#tests/support/almanac.ts';
import { parseCommand } from '#tests/support/parse-command.ts';
import { eventsOf, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { until } from '#tests/support/until.ts';
import { terminalOutput } from '#trainer/cli/output.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';

const program = fileURLToPath(new URL('../../../trainer/cli/almanac.mjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** A Node before 24 on the PATH, as the one that most machines have; null where there is none. */
function findOldNode(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'node');
    if (folder.includes('node_modules') || !existsSync(path)) continue;
    const found = /^v(\d+)\./.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
    if (found !== undefined && Number(found) >= 20 && Number(found) < 24) return path;
  }
  return null;
}

const oldNode = findOldNode();
const canFakeTerminal =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

test('help and version are printed on standard output, from any folder', async () => {
  const home = temporaryHome();
  expect(await almanac(home, '--version')).toEqual({ code: 0, out: `${version}\n`, notes: '' });
  const help = await almanac(home, '--help');
  expect([help.code, help.notes]).toEqual([0, '']);
  for (const word of ['run <notebook>', 'fork <id>', '--from', '--json', 'Ctrl+C', 'Exit code', 'TRAINER_PORT']) {
    expect(help.out).toContain(word);
  }
  // Each command has its own.
  const ofRun = await almanac(home, 'run', '--help');
  expect([ofRun.code, ofRun.notes]).toEqual([0, '']);
  for (const word of ['almanac run', '<notebook>', '--json', 'Examples:']) expect(ofRun.out).toContain(word);
  expect((await almanac(home, 'help', 'run')).out).toBe(ofRun.out);
  expect((await almanac(home)).code).toBe(2);
});

test.skipIf(oldNode === null)(
  'under Node 20 the command starts itself again on its own Node, from another folder and through a link (skipped where no older Node is)',
  () => {
    const folder = temporaryFolder();
    const home = temporaryHome();
    symlinkSync(program, join(folder, 'almanac'));
    const run = (...args: string[]) =>
      spawnSync(oldNode ?? '', [join(folder, 'almanac'), ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], ALMANAC_HOME: home },
      });
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(run('show', 'R9')).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no run R9') });
    // A path is that of the folder one stands in, not of Almanac's.
    writeFileSync(join(folder, 'mine.md'), '---\ntitle: Mine\n---\n```yaml train\nepochs: 1\n```\n');
    const trained = run('run', 'mine.md', '--json', ...smallRun);
    expect([trained.status, trained.stderr]).toEqual([0, '']);
    expect(JSON.parse(trained.stdout)).toMatchObject({ name: 'Mine', status: 'completed', notebook: null });
  },
  300_000,
);

/** `almanac run` with a run that would go on for long, in a home of its own. */
async function startLong(home: string): Promise<{ readonly child: ChildProcess; readonly notes: () => string }> {
  writeFileSync(join(home, 'notebooks', 'long.md'), '---\ntitle: Long\n---\n```yaml train\n```\n');
  const args = [program, 'run', 'long', ...smallRun, 'train.epochs=10000'];
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ALMANAC_HOME: home } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let notes = '';
  child.stderr.on('data', (chunk) => (notes += String(chunk)));
  await until(
    () => /epoch \d+\/10000/.test(notes),
    () => `no progress was shown:\n${notes}`,
  );
  return { child, notes: () => notes };
}

test('Ctrl+C stops the run with a checkpoint, and the exit code says so', async () => {
  const home = temporaryHome();
  const { child, notes } = await startLong(home);
  child.kill('SIGINT');
  // A terminal and a wrapper both send it: together they are one press.
  child.kill('SIGINT');
  const code = await new Promise((done) => child.once('exit', done));
  expect(code).toBe(130);
  expect(notes()).toMatch(/stopping run \w+ at its next step, with a checkpoint/);
  expect(notes()).toMatch(/cancelled: Stopped /);
  const [run] = JSON.parse((await almanac(home, 'ls', '--json')).out) as RunDetail[];
  expect(run.status).toBe('cancelled');
  const folder = join(home, 'runs', run.id);
  const last = eventsOf(readEvents(folder), 'checkpoint').filter(({ name }) => name === 'last');
  const stored = await readCheckpoint(join(folder, 'checkpoints'), 'last');
  expect(stored?.manifest.step).toBe(last.at(-1)?.step);
});

test('a fork from a checkpoint is a command too, and options nobody knows are refused', async () => {
  const sidecar = await startTestSidecar('real');
  const parent = await sidecar.post<{ id: string }>('/runs', { overrides: [...smallRun, 'train.epochs=1'] });
  await sidecar.until(parent.body.id, ({ status }) => status === 'completed');
  const forked = await almanac(sidecar.home, 'fork', 'R1', 'train.epochs=2', '--from', 'best', '--json');
  expect([forked.code, forked.notes]).toEqual([0, '']);
  expect(JSON.parse(forked.out)).toMatchObject({
    parent: parent.body.id,
    from: { checkpoint: 'best' },
    status: 'completed',
  });
  const unknown = await almanac(sidecar.home, 'fork', 'R1', '--from=nope');
  expect([unknown.code, unknown.notes]).toEqual([1, expect.stringContaining('it has best, last')]);
  const option = await almanac(sidecar.home, 'fork', 'R1', '--form', 'best');
  expect([option.code, option.notes]).toEqual([2, expect.stringMatching(/'--form'; known here: --json, --from/)]);
});

test('overrides stay what they are beside options, in any order', async () => {
  expect(await parseCommand('run', 'a', '~features.x', '--json', '+b.c={}', 'train.epochs=2')).toEqual([
    'a',
    ['~features.x', '+b.c={}', 'train.epochs=2'],
    { json: true },
  ]);
  expect(await parseCommand('fork', 'R1', '--from', 'last', 'train.seed=2')).toEqual([
    'R1',
    ['train.seed=2'],
    { from: 'last' },
  ]);
  // Commander would take a word that begins with a minus for an option; a number is none.
  expect(await parseCommand('run', 'a', '-1')).toEqual(['a', ['-1'], {}]);
});

test('progress replaces its line in a terminal, and is a line now and then in a file', () => {
  const write = (isTTY: boolean) => {
    const text: string[] = [];
    let now = 10_000;
    const notes = { write: (part: string) => text.push(part), isTTY, columns: 20 };
    const output = terminalOutput({ write: (part) => text.push(part) }, notes, () => now);
    for (const line of ['epoch 1/9', 'epoch 2/9 and much more than fits', 'epoch 3/9']) {
      output.progress(line);
      now += 3000;
    }
    output.note('done');
    return text.join('');
  };
  expect(write(true)).toBe('\r\u001b[2Kepoch 1/9\r\u001b[2Kepoch 2/9 and much \r\u001b[2Kepoch 3/9\ndone\n');
  expect(write(false)).toBe('epoch 1/9\nepoch 3/9\ndone\n');
});

test.skipIf(!canFakeTerminal)(
  'in a terminal the run is a bar on one line that is rewritten (skipped where util-linux script is not)',
  () => {
    const home = temporaryHome();
    writeFileSync(join(home, 'notebooks', 'small.md'), '# Small\n```yaml train\n```\n');
    const words = [process.execPath, program, 'run', 'small', ...smallRun, 'train.epochs=3'].map((word) => `'${word}'`);
    const { status, stdout } = spawnSync('script', ['-qec', words.join(' '), '/dev/null'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ALMANAC_HOME: home, TERM: 'xterm' },
    });
    expect(status).toBe(0);
    expect(stdout).toContain('\r\u001b[2Kepoch 3/3  ████');
    expect(stdout).toContain('val.da');
    // The scores of the test split stay sealed.
    expect(stdout).toContain('test sealed: almanac open-test R1');
    expect(stdout).not.toContain('test.da');
  },
  300_000,
);
