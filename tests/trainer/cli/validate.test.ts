import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';

function homeWith(notebooks: Readonly<Record<string, string>>) {
  const home = temporaryHome();
  for (const [name, text] of Object.entries(notebooks)) writeFileSync(join(home, 'notebooks', name), text);
  const folder = join(home, 'notebooks');
  const almanac = (...words: string[]) => commandLine({ ALMANAC_HOME: home }, words);
  return { folder, almanac, validate: (...words: string[]) => almanac('validate', ...words) };
}

const good = '---\ntitle: Good\n---\n```yaml train\nepochs: 3\n```\n';
const bad = '# Bad\n```yaml train\nepohcs: 3\noptimizer:\n  learning_rate: -1\n```\n';

test('notebooks without a fault are counted', async () => {
  const { folder, validate } = homeWith({ 'a.md': good, 'b.md': good, 'notes.txt': bad });
  expect(await validate(folder)).toEqual({ code: 0, out: '2 notebooks are right\n', notes: '' });
  expect(await validate('a')).toEqual({ code: 0, out: '1 notebook is right\n', notes: '' });
});

test('a fault is a line with file, line and column, and the exit code says so', async () => {
  const { folder, validate } = homeWith({ 'a.md': good });
  mkdirSync(join(folder, 'deeper'));
  const path = join(folder, 'deeper', 'bad.md');
  writeFileSync(path, bad);
  const { code, out, notes } = await validate(folder);
  expect([code, notes]).toEqual([1, '']);
  expect(out.trimEnd().split('\n')).toEqual([
    `${path}:3:9: train.epohcs: unknown key "epohcs"; did you mean train.epochs?`,
    `${path}:5:18: train.optimizer.learning_rate: expected a number from 1e-6 to 1, received -1`,
  ]);
  const findings: unknown = JSON.parse((await validate('--json', path)).out);
  expect(findings).toMatchObject([
    { file: path, line: 3, column: 9, severity: 'error', path: 'train.epohcs' },
    { line: 5, column: 18, code: 'invalid_config' },
  ]);
});

test('a warning is printed, and counts with --strict', async () => {
  const { folder, validate } = homeWith({ 'a.md': '```yaml trian\nepochs: 3\n```\n' });
  const warned = await validate(folder);
  expect(warned.code).toBe(0);
  expect(warned.out).toMatch(/a\.md:1:1: warning: .*did you mean "yaml train"/);
  expect((await validate('--strict', folder)).code).toBe(1);
});

test('what is no notebook, is too large or is not there is said in a sentence', async () => {
  const { folder, validate } = homeWith({ 'big.md': 'x'.repeat(1_000_001) });
  expect(await validate(folder)).toMatchObject({ code: 1, out: expect.stringContaining('1,000,001 bytes') });
  expect(await validate('nothing')).toMatchObject({
    code: 1,
    notes: expect.stringMatching(/^almanac: There is no nothing\./),
  });
});

test('a Markdown file without cells is refused where it was asked for, and a warning among others', async () => {
  const { folder, validate } = homeWith({ 'a.md': good, 'README.md': '# Read me\n' });
  expect(await validate(join(folder, 'README.md'))).toMatchObject({
    code: 1,
    out: expect.stringContaining('README.md:1:1: expected at least one cell'),
  });
  const all = await validate(folder);
  expect([all.code, all.out]).toEqual([
    0,
    expect.stringContaining('README.md:1:1: warning: expected at least one cell'),
  ]);
});

test('a file of the home whose name cannot be that of a notebook is a warning with the reason', async () => {
  const { folder, validate } = homeWith({ 'a.md': good, 'my notes.md': good, 'b.markdown': good, '.c.md': good });
  const { code, out } = await validate();
  expect(code).toBe(0);
  expect(out).toContain(
    `${join(folder, 'my notes.md')}:1:1: warning: this file is no notebook: its name holds a space`,
  );
  expect(out).toContain('b.markdown:1:1: warning: this file is no notebook: its name ends in .markdown');
  expect(out).toContain('.c.md:1:1: warning: this file is no notebook: its name begins with a dot');
  // Elsewhere any name will do, for the file itself is named.
  expect(await validate(join(folder, 'my notes.md'))).toMatchObject({ code: 0, out: '1 notebook is right\n' });
});

test('a file that is not UTF-8 is refused at its byte, by validate and run', async () => {
  const { folder, validate, almanac } = homeWith({});
  const path = join(folder, 'latin.md');
  const bytes = Buffer.from('# Hi\n\n```yaml train\n# caf\xe9\n```\n', 'latin1');
  writeFileSync(path, bytes);
  expect(await validate('latin')).toMatchObject({
    code: 1,
    out: expect.stringContaining('latin.md:4:6: expected UTF-8 text, received 0xE9'),
  });
  for (const word of ['latin', path]) {
    const { code, notes } = await almanac('run', word);
    expect([code, notes]).toEqual([1, expect.stringContaining('almanac: line 4: expected UTF-8 text')]);
  }
  expect(readFileSync(path)).toEqual(bytes);
});

test('a name near that of a notebook is told, for run as for validate', async () => {
  const { folder, validate, almanac } = homeWith({ 'notes.md': good, 'first-run.md': good, 'my notes.md': good });
  for (const word of ['nots', 'nts.md', join(folder, 'nots.md')]) {
    expect((await validate(word)).notes, word).toMatch(/Did you mean .*notes/);
    expect((await almanac('run', word)).notes, word).toMatch(/Did you mean .*notes/);
  }
  expect((await almanac('run', 'frist-run')).notes).toContain('Did you mean first-run?');
  expect((await almanac('run', 'my notes')).notes).toContain('its name holds a space');
  writeFileSync(join(folder, 'x.markdown'), good);
  expect((await almanac('run', join(folder, 'x.markdown'))).notes).toContain('its name ends in .markdown');
});
