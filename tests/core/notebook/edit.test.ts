import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groups } from '#core/config/config.ts';
import { valueAt, withValue } from '#core/config/document.ts';
import { AppError } from '#core/error.ts';
import { insertCell, insertProse, removeKey, setCellText, setTitle, setValue } from '#core/notebook/edit.ts';
import { cellValues, findCell, findObstacle } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { notebookText } from './notebook-text.ts';

const text = `---
title: A  # the title
---
# Prose

\`\`\`yaml train
# how long
epochs: 30        # passes

optimizer: {kind: adamw, learning_rate: 1e-3}   # the usual
select:
  metric: "val.loss"
  mode: min   # lower is better
early_stopping: {patience: 8}
\`\`\`

The end.
`;

const changedLines = (before: string, after: string) => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  expect(b).toHaveLength(a.length);
  return b.filter((line, i) => line !== a[i]);
};

describe('a value that is there', () => {
  test.each([
    [['epochs'], 50, 'epochs: 50        # passes'],
    [['optimizer', 'learning_rate'], 3e-4, 'optimizer: {kind: adamw, learning_rate: 0.0003}   # the usual'],
    [['select', 'metric'], 'val.da', '  metric: "val.da"'],
    [['select', 'mode'], 'max', '  mode: max   # lower is better'],
    [['early_stopping'], null, 'early_stopping: null'],
    [['early_stopping', 'patience'], 3, 'early_stopping: {patience: 3}'],
    [['optimizer', 'beta1'], 0.8, 'optimizer: {kind: adamw, learning_rate: 1e-3, beta1: 0.8}   # the usual'],
  ])('changes one line: %j', (path, value, line) => {
    const edited = setValue(text, 'train', path, value);
    expect(changedLines(text, edited)).toEqual([line]);
    expect(valueAt(cellValues(parseNotebook(edited)).train, path)).toEqual(value);
  });

  test('the value it has changes nothing, however it is written', () => {
    expect(setValue(text, 'train', ['optimizer', 'learning_rate'], 0.001)).toBe(text);
    expect(setValue(text, 'train', ['optimizer'], { learning_rate: 0.001, kind: 'adamw' })).toBe(text);
  });

  test('a map is changed key by key, so that its comments survive', () => {
    expect(setValue(text, 'train', ['select'], { mode: 'max', metric: 'val.da' })).toBe(
      text.replace('"val.loss"', '"val.da"').replace('mode: min', 'mode: max'),
    );
  });

  test('Windows line ends and indentation stay', () => {
    const windows = '  ```yaml train\r\n  epochs: 1\r\n  seed: 2\r\n  ```\r\n';
    expect(setValue(windows, 'train', ['epochs'], 9)).toBe(windows.replace('epochs: 1', 'epochs: 9'));
    expect(setValue(windows, 'train', ['batch_size'], 9)).toBe(
      windows.replace('seed: 2\r\n', 'seed: 2\r\n  batch_size: 9\r\n'),
    );
  });

  test('a block scalar, a bare key and an alias can be set', () => {
    const cell = (yaml: string) => `\`\`\`yaml data\n${yaml}\`\`\`\n`;
    expect(setValue(cell('source: |\n  a\n  b\ntimezone: UTC\n'), 'data', ['source'], 'x')).toBe(
      cell('source: x\ntimezone: UTC\n'),
    );
    expect(setValue(cell('gaps: # none\ntimezone: UTC\n'), 'data', ['gaps', 'max_fill'], 3)).toBe(
      cell('gaps: {max_fill: 3} # none\ntimezone: UTC\n'),
    );
    const aliased = setValue(cell('gaps: &g {max_fill: 1}\nrange: *g\n'), 'data', ['range', 'start'], 'x');
    expect(cellValues(parseNotebook(aliased)).data).toEqual({
      gaps: { max_fill: 1 },
      range: { max_fill: 1, start: 'x' },
    });
  });
});

describe('a value that is not there', () => {
  test('is one more line at the end of its map', () => {
    expect(setValue(text, 'train', ['seed'], 7)).toBe(
      text.replace('early_stopping: {patience: 8}\n', 'early_stopping: {patience: 8}\nseed: 7\n'),
    );
    expect(
      setValue('```yaml data\nsplit:\n  train: 0.6 # most\ntimezone: UTC\n```\n', 'data', ['split', 'test'], 0.2),
    ).toBe('```yaml data\nsplit:\n  train: 0.6 # most\n  test: 0.2\ntimezone: UTC\n```\n');
  });

  test('makes the maps on its way, on one line', () => {
    const path = ['timeframes', '1h', 'rsi', 'period'];
    expect(setValue('```yaml features\nscaler: robust\n```\n', 'features', path, 21)).toBe(
      '```yaml features\nscaler: robust\ntimeframes: {1h: {rsi: {period: 21}}}\n```\n',
    );
  });

  test('fills an empty cell, and one of comments only', () => {
    expect(setValue('```yaml model\n```\n', 'model', ['variant'], 'large')).toBe(
      '```yaml model\nvariant: large\n```\n',
    );
    expect(setValue('```yaml model\n# none\n```\n', 'model', ['variant'], 'large')).toBe(
      '```yaml model\n# none\nvariant: large\n```\n',
    );
  });

  test('makes the cell in its place', () => {
    expect(setValue(text, 'model', ['lookback'], 128)).toBe(
      text.replace('```yaml train', '```yaml model\nlookback: 128\n```\n\n```yaml train'),
    );
    expect(setValue('', 'loss', ['ret', 'kind'], 'mse')).toBe('```yaml loss\nret: {kind: mse}\n```\n');
    expect(setValue('Prose', 'data', ['source'], 'x.csv')).toBe('Prose\n\n```yaml data\nsource: x.csv\n```\n');
  });
});

describe('removing', () => {
  test('takes the line, its comment too', () => {
    expect(removeKey(text, 'train', ['epochs'])).toBe(text.replace('epochs: 30        # passes\n', ''));
    expect(removeKey(text, 'train', ['optimizer', 'learning_rate'])).toBe(text.replace(', learning_rate: 1e-3', ''));
    expect(removeKey(text, 'train', ['optimizer', 'kind'])).toBe(text.replace('kind: adamw, ', ''));
  });

  test('the last key of an inner map leaves {}, of a cell an empty cell', () => {
    expect(removeKey(text, 'train', ['early_stopping', 'patience'])).toBe(text.replace('{patience: 8}', '{}'));
    expect(removeKey('```yaml model\nvariant: base\n```\n', 'model', ['variant'])).toBe('```yaml model\n```\n');
    const nested = '```yaml features\ntimeframes:\n  1h:\n    rsi: {}\n  4h: {rsi: {}}\n```\n';
    expect(removeKey(nested, 'features', ['timeframes', '1h', 'rsi'])).toBe(
      nested.replace('1h:\n    rsi: {}\n', '1h: {}\n'),
    );
  });

  test('what is not there changes nothing', () => {
    expect(removeKey(text, 'train', ['seed'])).toBe(text);
    expect(removeKey(text, 'data', ['source'])).toBe(text);
  });
});

describe('cells and prose', () => {
  test('lines of a cell that stay keep their bytes', () => {
    const windows = '  ```yaml train\r\n  epochs: 1\r\n seed: 2\r\n  ```\r\n';
    expect(setCellText(windows, 'train', 'epochs: 5\nseed: 2\n')).toBe(windows.replace('epochs: 1', 'epochs: 5'));
  });

  test('YAML that holds a fence gets a longer one', () => {
    const edited = setCellText(text, 'train', 'a: |\n  x\n```\n');
    expect(edited).toContain('````yaml train\na: |\n  x\n```\n````\n');
    expect(findCell(parseNotebook(edited), 'train')?.text).toBe('a: |\n  x\n```\n');
    expect(findCell(parseNotebook(insertCell('', 'data', '```\n')), 'data')?.text).toBe('```\n');
  });

  test('a title is set, and made', () => {
    expect(setTitle(text, 'B: c')).toBe(text.replace('title: A ', 'title: "B: c" '));
    expect(setTitle('Prose\n', 'T')).toBe('---\ntitle: T\n---\nProse\n');
    expect(parseNotebook(setTitle('\ufeffx', 'T')).frontMatter?.title).toBe('T');
  });

  test('prose goes between blocks, with blank lines', () => {
    expect(insertProse('```yaml data\n```\n', 1, 'Hi')).toBe('```yaml data\n```\n\nHi\n');
    expect(insertProse('```yaml data\n```\n', 0, 'Hi')).toBe('Hi\n\n```yaml data\n```\n');
  });

  test('a cell that cannot be read is not edited as a form', () => {
    expect(() => setValue('```yaml data\na: [\n```\n', 'data', ['source'], 'x')).toThrow(AppError);
  });
});

describe('for any notebook', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom('epochs', 'seed', 'optimizer', 'nested', 'split', '1h', 'x y', '#', 'null', 'a');
  const path = fc.array(key, { minLength: 1, maxLength: 3 });

  test('what is set is there, and all else is as it was', () => {
    fc.assert(
      fc.property(notebookText, fc.constantFrom(...groups), path, scalar, (before, group, keys, value) => {
        const values = cellValues(parseNotebook(before));
        const cell = findCell(parseNotebook(before), group);
        // Negative zero has no other text than zero's.
        const wanted = Object.is(value, -0) ? 0 : value;
        // A carriage return alone ends no line; at the end of an open cell it would get a line end behind it.
        fc.pre(!/\r(?!\n)/.test(before));
        fc.pre(findObstacle(parseNotebook(before), group) === null);
        fc.pre(cell !== undefined || !hasUnclosed(before));
        const after = setValue(before, group, keys, wanted);
        expect(cellValues(parseNotebook(after))).toEqual({
          ...values,
          [group]: withValue(values[group] ?? {}, keys, wanted),
        });
        expect(setValue(after, group, keys, wanted)).toBe(after);
      }),
      { numRuns: 2000 },
    );
  });

  test('a scalar set in place of another changes one line', () => {
    const known = [
      ['epochs'],
      ['optimizer', 'learning_rate'],
      ['select', 'metric'],
      ['select', 'mode'],
      ['early_stopping', 'patience'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...known), scalar, (keys, value) => {
        const wanted = Object.is(value, -0) ? 0 : value;
        expect(changedLines(text, setValue(text, 'train', keys, wanted)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('the text of a cell is what was set', () => {
    const yaml = fc
      .array(fc.constantFrom('a: 1', '```', '~~~~', '', '  b', '`````'), { maxLength: 6 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(notebookText, fc.constantFrom(...groups), yaml, (before, group, wanted) => {
        fc.pre(!hasUnclosed(before) && !before.includes('\r'));
        const after = setCellText(before, group, wanted);
        expect(findCell(parseNotebook(after), group)?.text).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });
});

/** A fence or an HTML block that is never closed swallows whatever is put behind it. */
function hasUnclosed(before: string): boolean {
  const marked = `${before}\n\n\`\`\`yaml loss\nmarker: 1\n\`\`\`\n`;
  const notebook = parseNotebook(marked);
  return (
    !notebook.blocks.some((block) => block.type === 'cell' && block.text === 'marker: 1\n') || before.includes('<')
  );
}
