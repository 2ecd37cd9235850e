import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkNotebook } from '#core/notebook/diagnose.ts';
import { cellValues, findCell, serializeNotebook } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { notebookText } from './notebook-text.ts';

const example = `---
title: BTC, next 12 hours
---
Does an hour of context beat a day of it?

\`\`\`yaml data
source: data/btcusdt-1h.csv
\`\`\`

\`\`\`yaml model
architecture: tcn
variant: medium
\`\`\`
`;

const found = (text: string) =>
  parseNotebook(text).diagnostics.map(({ code, severity, span: { line, column } }) => [code, severity, line, column]);

describe('reading', () => {
  test('title, cells and prose', () => {
    const notebook = parseNotebook(example);
    expect(notebook.diagnostics).toEqual([]);
    expect(notebook.frontMatter?.title).toBe('BTC, next 12 hours');
    expect(notebook.blocks.map((block) => (block.type === 'cell' ? block.kind : block.raw))).toEqual([
      'Does an hour of context beat a day of it?\n\n',
      'data',
      '\n',
      'model',
    ]);
    expect(cellValues(notebook)).toEqual({
      data: { source: 'data/btcusdt-1h.csv' },
      model: { architecture: 'tcn', variant: 'medium' },
    });
    expect(findCell(notebook, 'model')?.span).toEqual({ line: 10, column: 1, endLine: 14, endColumn: 1 });
  });

  test('a file without anything is a notebook of defaults', () => {
    expect(checkNotebook(parseNotebook('')).config?.model.architecture).toBe('mlp');
  });

  test.each([
    ['inside a longer fence', '````markdown\n```yaml data\nsource: x\n```\n````\n'],
    ['inside tildes', '~~~\n```yaml data\n```\n~~~\n'],
    ['inside an HTML comment', '<!--\n```yaml data\nsource: x\n```\n-->\n'],
    ['inside an HTML block', '<pre>\n```yaml data\n```\n</pre>\n'],
    ['indented as code', '    ```yaml data\n    source: x\n    ```\n'],
    ['of another language', '```python\nx = 1\n```\n'],
    ['yaml with the title that a site shows', '```yaml title="config.yml"\nx: 1\n```\n'],
    ['data of another language', '```python data\nx = 1\n```\n'],
    ['a conflict that is shown', '```text\n<<<<<<< HEAD\n=======\n>>>>>>> x\n```\n'],
    ['yaml without a kind', '```yaml\nx: 1\n```\n'],
    ['inline code', '```yaml data``` is how a cell begins\n'],
  ])('what is no cell is prose: %s', (_name, text) => {
    const notebook = parseNotebook(text);
    expect(notebook.blocks.map(({ type }) => type)).toEqual(['prose']);
    expect(notebook.diagnostics).toEqual([]);
  });

  test.each([
    ['tildes', '~~~yaml data\nsource: x\n~~~\n'],
    ['a longer fence', '`````yaml data\nsource: x\n`````\n'],
    ['a longer closing fence', '```yaml data\nsource: x\n`````  \n'],
    ['spaces before the fence', '  ``` yaml   data \n  source: x\n  ```\n'],
    ['Windows line ends', '```yaml data\r\nsource: x\r\n```\r\n'],
    ['after a blank line in HTML', '<details>\n\n```yaml data\nsource: x\n```\n\n</details>\n'],
    ['after a comment on one line', '<!-- note -->\n```yaml data\nsource: x\n```\n'],
    ['no line end at the end', '```yaml data\nsource: x\n```'],
    ['yml', '```yml data\nsource: x\n```\n'],
    ['capitals', '```YAML Data\nsource: x\n```\n'],
    ['braces around both', '```{yaml data}\nsource: x\n```\n'],
    ['braces around the language', '```{yaml} data\nsource: x\n```\n'],
    ['braces around the kind', '```yaml{data}\nsource: x\n```\n'],
    ['classes of Pandoc', '~~~ {.yaml .data}\nsource: x\n~~~\n'],
    ['all of it at once', '   ~~~~  {YML   DATA}  \r\n   source: x\r\n   ~~~~\r\n'],
    ['a byte order mark at once', '\ufeff```yaml data\nsource: x\n```\n'],
    ['a byte order mark', '\ufeff---\ntitle: x\n---\n```yaml data\nsource: x\n```\n'],
  ])('a cell is a cell: %s', (_name, text) => {
    const notebook = parseNotebook(text);
    expect(cellValues(notebook)).toEqual({ data: { source: 'x' } });
    expect(notebook.diagnostics).toEqual([]);
    expect(serializeNotebook(notebook)).toBe(text);
  });
});

describe('diagnostics', () => {
  test.each([
    ['a kind misspelt', '```yaml modle\n```\n', [['unknown_kind', 'warning', 1, 1]]],
    ['a second cell of a kind', '```yaml data\n```\n```yaml data\n```\n', [['duplicate_cell', 'error', 3, 1]]],
    ['a fence never closed', 'x\n\n```yaml data\nsource: x\n', [['unclosed_fence', 'error', 3, 1]]],
    ['YAML that cannot be read', '```yaml data\na: 1\na: 2\n```\n', [['yaml_syntax', 'error', 3, 1]]],
    ['YAML in an indented cell', ' ```yaml data\n a: 1\n a: 2\n ```\n', [['yaml_syntax', 'error', 3, 2]]],
    ['a list', '```yaml data\n- 1\n```\n', [['not_a_map', 'error', 2, 1]]],
    ['nesting', `\`\`\`yaml data\na: ${'['.repeat(100)}\n\`\`\`\n`, [['too_deep', 'error', 2, 66]]],
    ['front matter never closed', '---\ntitle: x\n', [['front_matter', 'warning', 1, 1]]],
    ['front matter that cannot be read', '---\ntitle: [\n---\n', [['front_matter', 'error', 2, 8]]],
    ['a million characters', 'x'.repeat(1_000_001), [['too_large', 'error', 1, 1]]],
  ])('%s', (_name, text, diagnostics) => {
    expect(found(text)).toEqual(diagnostics);
  });

  test.each([
    ['yaml modle', 'model'],
    ['yaml train model', 'train'],
    ['yaml, train', 'train'],
    ['{yaml train, echo=false}', 'train'],
    ['yaml-train', 'train'],
    ['yaml:train', 'train'],
    ['yalm train', 'train'],
    ['json train', 'train'],
    ['toml loss', 'loss'],
    ['train', 'train'],
    ['{model}', 'model'],
  ])('a block that was probably meant as a cell names the kind meant: %s', (info, kind) => {
    const text = `\`\`\`${info}\nx: 1\n\`\`\`\n`;
    expect(found(text)).toEqual([['unknown_kind', 'warning', 1, 1]]);
    expect(parseNotebook(text).diagnostics[0].message).toContain(`did you mean "yaml ${kind}"?`);
    expect(cellValues(parseNotebook(text))).toEqual({});
  });

  test.each([
    [
      'a comment that never ends',
      'x\n<!-- off\n\n```yaml train\nepochs: 3\n```\n',
      4,
      'in line 2 and never ends',
      '-->',
    ],
    ['a script that never ends', '<script>\n```yaml train\n```\n', 2, 'in line 1 and never ends', 'closing tag'],
    ['a tag above it', '<details>\n```yaml train\n```\n</details>\n', 2, 'in line 1, and', 'an empty line above it'],
    ['a quotation', '> ```yaml train\n> epochs: 3\n> ```\n', 1, 'this train cell does not count', 'start of its line'],
    ['a quotation in a list', '1. x\n- > ~~~yml Train\n', 2, 'this train cell does not count', 'quotation'],
    ['a list', '* ```{yaml train}\n  epochs: 3\n  ```\n', 1, 'this train cell does not count', 'list'],
  ])('a cell that declares nothing where it stands is told: %s', (_name, text, line, what, next) => {
    const [finding] = parseNotebook(text).diagnostics;
    expect(finding).toMatchObject({ code: 'swallowed_cell', severity: 'warning', span: { line } });
    expect(finding.message).toContain(what);
    expect(finding.message).toContain(next);
    expect(cellValues(parseNotebook(text))).toEqual({});
  });

  test.each([
    ['a comment that ends', '<!--\n```yaml train\nepochs: 3\n```\n-->\n'],
    ['a longer fence', '````md\n> ```yaml train\n````\n'],
    ['other code in a list', '- ```sh\n  ls\n  ```\n'],
    ['an item that ends before its code does', '- ```sh\n  ls\n\nwords\n'],
    ['an item of YAML', '```yaml features\ntimeframes:\n    1h: {}\n```\n'],
  ])('a cell that is meant as text is left alone: %s', (_name, text) => {
    expect(found(text)).toEqual([]);
  });

  test('code in an item of a list hides no cell that follows', () => {
    const notebook = parseNotebook('1. ```sh\n   ls\n   ```\n\n```yaml train\nepochs: 3\n```\n');
    expect([cellValues(notebook), notebook.diagnostics]).toEqual([{ train: { epochs: 3 } }, []]);
  });

  test('code that is never closed is told, and the cell that it swallows', () => {
    expect(found('```python\nx = 1\n\n```yaml train\nepochs: 3\n```\n')).toEqual([['swallowed_cell', 'warning', 4, 1]]);
    expect(found('x\n\n```python\nx = 1\n')).toEqual([['unclosed_fence', 'warning', 3, 1]]);
    const { diagnostics } = parseNotebook('```yaml data\nsource: x\n\n```yaml train\nepochs: 3\n```\n');
    expect(diagnostics).toMatchObject([
      { code: 'unclosed_fence', severity: 'error', cell: 'data', message: expect.stringContaining('before line 4') },
    ]);
  });

  test('a conflict is told once, wherever a merge has left it', () => {
    const marks = (mine: string, theirs: string) => `<<<<<<< HEAD\n${mine}=======\n${theirs}>>>>>>> branch\n`;
    const cell = (epochs: number) => `\`\`\`yaml train\nepochs: ${epochs}\n\`\`\`\n`;
    const one = [['merge_conflict', 'error', 3, 1]];
    expect(found(`a\n\n${marks(cell(3), cell(4))}`)).toEqual(one);
    expect(found(`a\n\`\`\`yaml train\n${marks('epochs: 3\n', 'epochs: 4\n')}\`\`\`\n`)).toEqual(one);
    expect(found(`a\n\n${marks('```yaml train\nepochs: 3\n', '```yaml train\nepochs: 4\n')}\`\`\`\n`)).toEqual(one);
    expect(found(`---\nauthor: x\n${marks('title: a\n', 'title: b\n')}---\n`)).toEqual(one);
    expect(found(`a\n\n${marks('b\n', 'c\n')}${cell(1)}`)).toEqual([['merge_conflict', 'warning', 3, 1]]);
  });

  test('a title is what was written, and a slip in its key is told', () => {
    expect(parseNotebook('---\ntitle: 2024.10\n---\n').frontMatter?.title).toBe('2024.10');
    expect(found('---\nauthor: x\ntitel: x\n---\n')).toEqual([['front_matter', 'warning', 3, 1]]);
    const { diagnostics } = parseNotebook('---\ntitle: LSTM: take 2\n---\n');
    expect(diagnostics).toMatchObject([
      { severity: 'error', message: expect.stringContaining('(title: "LSTM: take 2")'), span: { line: 2, column: 8 } },
    ]);
  });

  test('text without a cell is an error of the file', () => {
    const { config, diagnostics } = checkNotebook(parseNotebook('# Read me\n'));
    expect(diagnostics).toMatchObject([{ code: 'no_cell', severity: 'error', span: { line: 1, column: 1 } }]);
    expect(diagnostics[0].message).toContain('```yaml data');
    expect(config?.model.architecture).toBe('mlp');
  });

  test('issues of the configuration stand at their value', () => {
    const { config, diagnostics } = checkNotebook(
      parseNotebook(
        '# Hi\n\n```yaml train\nseed: 3\n# patience\nepochs: 0 # none\noptimizer: {kind: adamw, learing_rate: 1}\n```\n',
      ),
    );
    expect(config).toBeNull();
    expect(diagnostics).toMatchObject([
      {
        code: 'invalid_config',
        cell: 'train',
        path: 'train.epochs',
        span: { line: 6, column: 9, endLine: 6, endColumn: 10 },
      },
      { path: 'train.optimizer.learing_rate', span: { line: 7, column: 40, endLine: 7, endColumn: 41 } },
    ]);
  });

  test('an issue on a key nobody wrote stands at the map around it, or at the cell', () => {
    const text = '```yaml data\nsplit:\n  train: 0.8\n```\n\n```yaml loss\nweights: {ret: 0, dir: 0}\n```\n';
    expect(checkNotebook(parseNotebook(text)).diagnostics).toMatchObject([
      { path: 'data.split', span: { line: 2, column: 1, endLine: 2, endColumn: 6 } },
      { path: 'loss.weights', span: { line: 7, column: 1 } },
    ]);
    const metric = checkNotebook(parseNotebook('```yaml train\nselect: {metric: val.da}\n```\n')).diagnostics;
    expect(metric).toMatchObject([{ path: 'train.select.mode', span: { line: 2, column: 1, endColumn: 7 } }]);
  });

  test('an issue of an override is the notebook’s, not a cell’s', () => {
    const { diagnostics } = checkNotebook(parseNotebook('```yaml train\n```\n'), { overrides: ['x'] });
    expect(diagnostics).toMatchObject([{ code: 'invalid_override', span: { line: 1, column: 1 } }]);
    expect(diagnostics[0].cell).toBeUndefined();
  });
});

describe('for any text', () => {
  test('reading never throws and writing gives the same text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), notebookText), (text) => {
        const notebook = parseNotebook(text);
        expect(serializeNotebook(notebook)).toBe(text);
        for (const { start, raw } of notebook.blocks) expect(text.slice(start, start + raw.length)).toBe(raw);
        const lines = text.split('\n').length;
        for (const { span } of checkNotebook(notebook).diagnostics) {
          expect(span.line).toBeGreaterThanOrEqual(1);
          expect(span.endLine).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('a megabyte of fences takes no quadratic time to read', () => {
    for (const line of ['```yaml data\n', '```\n', '~~~\n', '<!--\n', '```yaml x\n', '---\n', '````yaml data\n```\n']) {
      const text = line.repeat(Math.floor(999_999 / line.length));
      expect(serializeNotebook(parseNotebook(text))).toBe(text);
    }
  });
});

describe('a notebook whose lines end in CR alone', () => {
  test('is refused in one sentence and not for want of a cell', () => {
    const { diagnostics } = parseNotebook('# Title\r\r```yaml train\repochs: 3\r```\r');
    expect(diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['line_ends', 'error', 'expected lines that end in LF or CR LF, received CR alone; save the file with LF'],
    ]);
  });
});
