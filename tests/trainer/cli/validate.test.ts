import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('a warning is printed, its file is not called right, and it counts with --strict', async () => {
  const warned = '---\ntitel: x\n---\n```yaml train\nepochs: 3\n```\n';
  const { folder, validate } = homeWith({ 'a.md': warned, 'b.md': good, 'c.md': good });
  const { code, out } = await validate(folder);
  expect([code, out.trimEnd().split('\n')]).toEqual([
    0,
    [expect.stringMatching(/a\.md:2:1: warning: .*did you mean title/), '3 notebooks: 2 right, 1 with warnings'],
  ]);
  expect((await validate('a')).out).toContain('1 notebook: 0 right, 1 with warnings\n');
  const strict = await validate('--strict', folder);
  expect([strict.code, strict.out]).toEqual([1, expect.not.stringContaining('right')]);
});

test.each([
  ['a kind that is misspelt', '```yaml trian\nepochs: 3\n```\n', 'did you mean "yaml train"'],
  ['a quotation', '> ```yaml train\n> epochs: 3\n> ```\n', 'this train cell does not count'],
  [
    'a comment that never ends',
    '# x\n\n<!-- off\n\n```yaml train\nepochs: 3\n```\n',
    'begins in line 3 and never ends',
  ],
])('a file without a cell is refused where one was meant, found or named: %s', async (_name, text, hint) => {
  const { folder, validate } = homeWith({ 'a.md': text });
  for (const word of [folder, 'a']) {
    const { code, out } = await validate(word);
    expect([code, out]).toEqual([1, expect.stringMatching(/a\.md:1:1: expected at least one cell/)]);
    expect(out).toContain(hint);
    expect(out).not.toContain('right');
  }
});

test('a folder without notebooks is no success', async () => {
  const { folder, validate } = homeWith({});
  mkdirSync(join(folder, 'empty.md'));
  for (const words of [[], [join(folder, 'empty.md')]]) {
    expect(await validate(...words)).toMatchObject({
      code: 1,
      out: '',
      notes: expect.stringMatching(/^almanac: There is no notebook in .*Expected files ending in \.md/),
    });
  }
});

test('a link in the home is no notebook, for validate and run as for the library', async () => {
  const { folder, validate, almanac } = homeWith({ 'a.md': good });
  symlinkSync(join(folder, 'a.md'), join(folder, 'link.md'));
  symlinkSync(join(folder, 'gone.md'), join(folder, 'dead.md'));
  for (const word of ['link', 'link.md', 'dead', join(folder, 'link.md'), join(folder, 'dead.md')]) {
    const { code, out } = await validate(word);
    expect([code, out], word).toEqual([1, expect.stringContaining('1:1: this file is no notebook: it is a link')]);
    const run = await almanac('run', word);
    expect([run.code, run.notes], word).toEqual([1, expect.stringContaining('is a link; put the file itself here')]);
    expect(run.notes).not.toContain('Did you mean');
  }
  const all = await validate();
  expect([all.code, all.out]).toEqual([
    0,
    expect.stringContaining('link.md:1:1: warning: this file is no notebook: it is a'),
  ]);
  expect(all.out).toContain('3 notebooks: 1 right, 2 with warnings');
});

test('elsewhere a link is what it leads to, and one that leads nowhere is said to', async () => {
  const { folder, validate, almanac } = homeWith({ 'a.md': good });
  const deeper = join(folder, 'deeper');
  mkdirSync(deeper);
  symlinkSync(join(folder, 'a.md'), join(deeper, 'link.md'));
  symlinkSync(deeper, join(deeper, 'circle.md'));
  expect(await validate(deeper)).toMatchObject({ code: 0, out: '1 notebook is right\n' });
  const dead = join(deeper, 'dead.md');
  symlinkSync(join(folder, 'gone.md'), dead);
  for (const word of [deeper, dead]) {
    expect(await validate(word)).toMatchObject({ code: 1, out: expect.stringContaining('dead.md:1:1: it is a link') });
  }
  expect((await almanac('run', dead)).notes).toContain('what it leads to is not there');
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
    expect([code, notes]).toEqual([1, expect.stringMatching(/^almanac: .*latin\.md: line 4: expected UTF-8 text/)]);
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
