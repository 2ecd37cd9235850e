import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const program = fileURLToPath(new URL('../../../trainer/cli/almanac.mjs', import.meta.url));
const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

const complete = async (home: string, ...words: readonly string[]) => {
  const { out } = await commandLine({ ALMANAC_HOME: home }, ['complete', '--', ...words]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0]);
};

test('commands, options and their values are completed', async () => {
  const home = temporaryHome();
  expect(await complete(home, 're')).toEqual(['resume', 'reindex']);
  expect(await complete(home, 'ls', '--s')).toEqual(['--status', '--sort']);
  expect(await complete(home, 'logs', '--level', 'w')).toEqual(['warn']);
  expect(await complete(home, 'logs', '--level=w')).toEqual(['--level=warn']);
  expect(await complete(home, 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await complete(home, 'nonsense', '')).toEqual([]);
  // The script's own question is none that a person asks.
  expect(await complete(home, 'comp')).toEqual(['completion']);
});

test('notebooks and files are completed, and overrides a level at a time', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'notebooks', 'mine.md'), '# Mine\n');
  expect(await complete(home, 'run', 'm')).toEqual(['mine', ':files']);
  expect(await complete(home, 'run', 'mine', 'train.opt')).toEqual(['train.optimizer.']);
  expect(await complete(home, 'run', 'mine', '--json', 'train.optimizer.l')).toEqual([
    'train.optimizer.learning_rate=',
  ]);
  expect(await complete(home, 'run', 'mine', 'train.optimizer.kind=')).toEqual([
    'train.optimizer.kind=adamw',
    'train.optimizer.kind=sgd',
  ]);
  expect(await complete(home, 'fork', 'R1', 'model=l')).toEqual(['model=large']);
  expect(await complete(home, 'run', 'mine', '~features.timeframes.1h.mac')).toEqual(['~features.timeframes.1h.macd.']);
  expect(await complete(home, 'run', 'mine', '+features.timeframes.1h.rsi.p')).toEqual([
    '+features.timeframes.1h.rsi.period=',
  ]);
  expect(await complete(home, 'run', 'mine', 'train.epochs=')).toEqual([]);
});

test('runs are completed by number, those that a command can do something with', async () => {
  const sidecar = await startTestSidecar('steady');
  expect(await complete(sidecar.home, 'show', '')).toEqual([]);
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'running');
  expect(await complete(sidecar.home, 'pause', '')).toEqual(['R1']);
  expect(await complete(sidecar.home, 'show', 'R')).toEqual(['R1']);
  expect(await complete(sidecar.home, 'rm', '')).toEqual([]);
  expect(await complete(sidecar.home, 'resume', '')).toEqual([]);
  expect(await complete(sidecar.home, 'open-test', '')).toEqual([]);
  const scored = await startTestSidecar('scored');
  const sealed = (await scored.post<{ id: string }>('/runs', {})).body;
  await scored.until(sealed.id, ({ status }) => status === 'completed');
  expect(await complete(scored.home, 'open-test', '')).toEqual(['R1']);
  await scored.post(`/runs/${sealed.id}/test`);
  expect(await complete(scored.home, 'open-test', '')).toEqual([]);
});

test.skipIf(!has('bash'))(
  'bash completes with it, words taken apart at = included (skipped where no bash is)',
  () => {
    const [folder, home] = [temporaryFolder(), temporaryHome()];
    writeFileSync(join(home, 'notebooks', 'mine.md'), '# Mine\n');
    symlinkSync(program, join(folder, 'almanac'));
    const script = `
    source <(almanac completion bash)
    complete -p almanac
    try() {
      COMP_LINE=$1 COMP_POINT=\${#1}
      shift
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
      _almanac
      printf '[%s]' "\${COMPREPLY[@]}"
      echo
    }
    try 'almanac pa' almanac pa
    try 'almanac run m' almanac run m
    try 'almanac run mine train.opt' almanac run mine train.opt
    try 'almanac run mine train.optimizer.kind=s' almanac run mine train.optimizer.kind = s
    try 'almanac run mine train.optimizer.kind=' almanac run mine train.optimizer.kind =
    try 'almanac run mine model=large train.sch' almanac run mine model = large train.sch
    try 'almanac run ./notebooks/m' almanac run ./notebooks/m`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: [folder, process.env['PATH']].join(':'), ALMANAC_HOME: home },
    });
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      'complete -o nospace -F _almanac almanac',
      '[pause ]',
      '[mine ]',
      '[train.optimizer.]',
      '[sgd ]',
      '[adamw ][sgd ]',
      '[train.schedule.]',
      '[./notebooks/mine.md ]',
      '',
    ]);
  },
  60_000,
);

test.each(['bash', 'zsh', 'fish'])(
  'the script for %s is one that it can read (skipped where it is not there)',
  async (shell) => {
    const { code, out } = await commandLine({}, ['completion', shell]);
    expect(code).toBe(0);
    if (!has(shell)) return;
    const file = join(temporaryFolder(), 'completion');
    writeFileSync(file, out);
    const checked = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  },
);
