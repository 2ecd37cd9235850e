import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { terminalOutput } from '#trainer/cli/output.ts';
import { toTable } from '#trainer/cli/table.ts';

const hostile = [
  ['\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['\u001b[2J', '\\u001b[2J'],
  ['good\rbad', 'good\\rbad'],
  ['one\nalmanac: two', 'one\\nalmanac: two'],
  ['\u009b2J', '\\u009b2J'],
  ['txt.\u202eexe', 'txt.\\u202eexe'],
  ['\u2066a\u2069', '\\u2066a\\u2069'],
] as const;

// eslint-disable-next-line no-control-regex
const orders = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each(hostile)('%j is shown and not obeyed, in results, notes and progress', (given, shown) => {
  const text: string[] = [];
  const stream = { write: (part: string) => text.push(part) };
  const output = terminalOutput(stream, stream, () => 10_000);
  output.print(given);
  output.note(given);
  output.progress(given);
  output.row([given, 'b']);
  expect(text).toEqual([`${shown}\n`, `${shown}\n`, `${shown}\n`, `${shown}\tb\n`]);
});

test('JSON says the same after it was made harmless', () => {
  let text = '';
  const stream = { write: (part: string) => (text += part) };
  const value = { titles: hostile.map(([given]) => given) };
  terminalOutput(stream, stream).json(value);
  expect(text).not.toMatch(orders);
  expect(JSON.parse(text)).toEqual(value);
});

test('a run with a hostile name gives the terminal no order, in any command', async () => {
  const sidecar = await startTestSidecar('quick');
  const name = hostile.map(([given]) => given).join(' ');
  const { id } = (await sidecar.post<{ id: string }>('/runs')).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  // Asked for, such a name is refused; an older version took it.
  await sidecar.workspace.record.say(id, () => ({ name, tags: [name.slice(0, 60)] }));
  const env = { ALMANAC_HOME: sidecar.home };
  for (const words of [['ls'], ['show', '1'], ['logs', '1'], ['complete', '--', 'show', '']]) {
    for (const columns of [null, 300]) {
      const { code, out, notes } = await commandLine(env, words, columns);
      expect([words, code, notes]).toEqual([words, 0, '']);
      expect(out.replaceAll('\t', ' ')).not.toMatch(orders);
    }
  }
  expect((await commandLine(env, ['ls'])).out.split('\n')).toHaveLength(2);
});

test('a table keeps its columns and gives way in one of them, wide characters counted as two', () => {
  const rows = [
    ['R1', 'running', '動動動動動動動動', 'x'],
    ['R12', 'completed', 'a name that is long', 'yy'],
  ];
  expect(toTable(rows, { width: 32, flexible: 2 })).toEqual([
    'R1   running    動動動動動…   x',
    'R12  completed  a name that…  yy',
  ]);
  expect(toTable(rows, { width: null, flexible: 2 })[1]).toBe('R12  completed  a name that is long  yy');
});
