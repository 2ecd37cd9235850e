import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findCell } from '#core/notebook/notebook.ts';
import { checkNotebook } from '#core/notebook/diagnose.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { findingsIn, firstLineOf } from '#lib/cells/findings.ts';
import type { Refusal } from '#tests/support/bad-input.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const head = '\ufeff---\r\ntitle: Lines\r\n---\r\nWords.\r\n\r\n';
const cell = (group: string, yaml: string) => `${head}  ~~~yaml ${group}\r\n${yaml}  ~~~\r\n`;

/** Text with one fault, the line of the file at which it stands, and a word of what is said. */
const faults: Readonly<Record<string, readonly [string, number, string]>> = {
  'a key misspelt': [cell('train', '  seed: 1\r\n  epohcs: 3\r\n'), 8, 'train.epochs?'],
  'a key misspelt, deeper': [
    cell('train', '  optimizer:\r\n    # note\r\n    learing_rate: 1\r\n'),
    9,
    'learning_rate?',
  ],
  'a value out of range': [cell('train', '  epochs: 0\r\n'), 7, 'from 1 to 10,000'],
  'a colon in a value': [cell('data', '  source: a\r\n  timezone: b: c\r\n'), 8, 'put it in quotes'],
  'an open bracket': [cell('model', '  lookback: [3\r\n  variant: base\r\n'), 7, 'not closed'],
  'a tab': [cell('train', '  optimizer:\r\n  \tkind: sgd\r\n'), 8, 'a tab'],
  'an open cell': [`${head}\`\`\`yaml train\r\nepochs: 3\r\n`, 6, 'ends the train cell'],
  'a second cell': [`${cell('train', '')}~~~yaml train\r\n~~~\r\n`, 8, 'at most one train cell'],
  'a conflict': [cell('train', '<<<<<<< a\r\n=======\r\n>>>>>>> b\r\n'), 7, 'conflict marks'],
  'front matter': ['---\r\na: 1\r\ntitle: b: c\r\n---\r\n~~~yaml train\r\n~~~\r\n', 3, 'put it in quotes'],
};

const onFence: ReadonlySet<string> = new Set(['an open cell', 'a second cell']);

test('page, editor, HTTP and command line name the same line of the same file', async () => {
  const sidecar = await startTestSidecar('quick');
  const env = { ALMANAC_HOME: sidecar.home };
  const file = join(sidecar.home, 'notebooks', 'lines.md');
  for (const [name, [text, line, words]] of Object.entries(faults)) {
    writeFileSync(file, text);
    const notebook = parseNotebook(text);
    const { diagnostics } = checkNotebook(notebook);
    expect(diagnostics, name).toMatchObject([{ span: { line }, message: expect.stringContaining(words) }]);

    const group = diagnostics[0]?.cell;
    if (group && findCell(notebook, group)) {
      const [finding] = findingsIn(notebook, group, diagnostics);
      // A line that is a fence is not in the editor, and gets no mark there under another number.
      expect(finding === undefined, name).toBe(onFence.has(name));
      // The editor numbers its first line so.
      if (finding) expect(finding.line + firstLineOf(notebook, group) - 1, name).toBe(line);
    }
    for (const body of [{ notebook: 'lines' }, { source: text }]) {
      const { status, body: answer } = await sidecar.post<Refusal>('/runs', body);
      expect([status, answer.error.issues], name).toMatchObject([422, [{ line, column: diagnostics[0]?.span.column }]]);
      expect(answer.error.message, name).toMatch(new RegExp(`^line ${line}: `));
      expect(answer.error.message, name).toContain(words);
    }
    const validated = await commandLine(env, ['validate', file]);
    expect([validated.code, validated.out], name).toEqual([1, expect.stringContaining(`${file}:${line}:`)]);
    const ran = await commandLine(env, ['run', 'lines']);
    expect([ran.code, ran.notes], name).toEqual([1, expect.stringContaining(`almanac: lines.md: line ${line}: `)]);
  }
});

test('what a request itself says wrong bears no line of the notebook', async () => {
  const sidecar = await startTestSidecar('quick');
  const source = '```yaml train\nseed: 2\n```\n';
  const { body } = await sidecar.post<Refusal>('/runs', { source, overrides: ['train.epochs=0'] });
  expect(body.error.message).toMatch(/^train\.epochs: /);
  expect(body.error.issues?.[0]).not.toHaveProperty('line');
});

test('a block that was probably meant as a cell is told by HTTP and in the terminal, and the run goes on', async () => {
  const sidecar = await startTestSidecar('quick');
  const text = '# A question\n\n```yaml train\nepochs: 2\n```\n\n```json loss\n{}\n```\n';
  const warning = { path: '', line: 7, column: 1, message: expect.stringContaining('did you mean "yaml loss"?') };
  const key = { 'idempotency-key': 'twice' };
  for (let time = 0; time < 2; time++) {
    const made = await sidecar.post<{ warnings: unknown }>('/runs', { source: text }, key);
    expect([made.status, made.body.warnings]).toEqual([201, [warning]]);
  }
  expect((await sidecar.post<{ warnings: unknown }>('/runs', {})).body.warnings).toEqual([]);
  writeFileSync(join(sidecar.home, 'notebooks', 'asked.md'), text);
  const { code, notes } = await commandLine({ ALMANAC_HOME: sidecar.home }, ['run', 'asked']);
  expect([code, notes]).toEqual([0, expect.stringContaining('warning: line 7: "json loss" declares no cell')]);
});

test('{yml Train} is a cell for a run as yaml train is', async () => {
  const sidecar = await startTestSidecar('quick');
  const source = '~~~ {YML Train}\nepochs: 7\n~~~\n';
  const { body } = await sidecar.post<{ config: object }>('/runs', { source });
  expect(body.config).toMatchObject({ train: { epochs: 7 } });
});
