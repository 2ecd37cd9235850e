import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';

const used = async (...words: readonly string[]) => {
  const { code, out, notes } = await commandLine({}, words);
  return [code, out, notes];
};

test.each([
  [['lss'], /^almanac: unknown command 'lss'; commands are run, plan, ls, .*Did you mean ls\? See almanac --help\.\n$/],
  [['ls', '--jsno'], /^almanac: unknown option '--jsno'; known here: .*--json.*Did you mean --json\?/],
  [
    ['show'],
    /^almanac: missing required argument 'id'; usage: almanac show \[options\] <id>\. See almanac show --help\.\n$/,
  ],
  [['show', '1', '2'], /^almanac: too many arguments for 'show'.*; usage: almanac show/],
  [['config', 'port'], /^almanac: too many arguments for 'config'/],
  [['ls', '--limit', '0'], /Expected a whole number from 1 to 500\. See almanac ls --help\.\n$/],
  [['ls', '--status', 'runing'], /Did you mean running\? See/],
  [['logs', '1', '--level', 'loud'], /Allowed choices are debug, info, warn, error\./],
  [['completion', 'csh'], /Allowed choices are bash, zsh, fish\./],
  [['fork', 'R1', '--from'], /'--from <checkpoint>' argument missing/],
])('%j is wrong use: exit code 2, and one line that says what helps', async (words, message) => {
  const [code, out, notes] = await used(...words);
  expect([code, out]).toEqual([2, '']);
  expect(notes).toMatch(message);
});

test('every command has help of its own on standard output, with a sentence', async () => {
  const [, all] = await used('--help');
  const names = [...String(all).matchAll(/^ {2}([a-z]+)(?= [<[]|\s{2})/gm)].map(([, name]) => name);
  expect(names).toEqual(
    expect.arrayContaining(['run', 'ls', 'logs', 'pause', 'resume', 'rm', 'open', 'validate', 'config']),
  );
  for (const name of names.filter((one) => one !== 'help')) {
    const [code, out, notes] = await used(name, '--help');
    expect([name, code, notes]).toEqual([name, 0, '']);
    expect(out).toMatch(new RegExp(`^Usage: almanac ${name}.*\\n\\n[A-Z]`));
    expect(out).toMatch(/-h, --help +print this help/);
  }
});
