import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '#tests/support/command-line.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';

function homeWith(notebooks: Readonly<Record<string, string>>) {
  const home = temporaryHome();
  for (const [name, text] of Object.entries(notebooks)) writeFileSync(join(home, 'notebooks', name), text);
  const folder = join(home, 'notebooks');
  return { folder, validate: (...words: string[]) => commandLine({ ALMANAC_HOME: home }, ['validate', ...words]) };
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
