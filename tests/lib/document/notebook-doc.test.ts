import { describe, expect, it } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { entryFields, type Field, groupFields } from '#core/config/fields.ts';
import { findingsIn } from '#lib/cells/findings.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

const text = `---
title: A test
---
Words.

\`\`\`yaml model
# why so long: a day and a half
lookback: 32   # bars
architecture: mlp
\`\`\`
`;

describe('NotebookDoc', () => {
  it('changes one line for one value and keeps every comment', () => {
    const doc = new NotebookDoc(text);
    doc.assign(['model', 'lookback'], 48);
    expect(doc.text).toBe(text.replace('lookback: 32', 'lookback: 48'));
    expect(doc.config?.model.lookback).toBe(48);
  });

  it('shows form and YAML from one text, so that they cannot differ', () => {
    const doc = new NotebookDoc(text);
    doc.setCellText('model', 'lookback: 64\n');
    expect(doc.valueAt(['model', 'lookback'])).toBe(64);
    expect(doc.isWritten(['model', 'architecture'])).toBe(false);
    expect(doc.valueAt(['model', 'architecture'])).toBe('mlp');
  });

  it('knows the kind of a block of which only another key is written', () => {
    const doc = new NotebookDoc(text);
    const path = ['train', 'optimizer'];
    expect(doc.kindAt(path)).toBe('adamw');
    doc.assign([...path, 'learning_rate'], 0.0005);
    expect([doc.valueAt(path), doc.kindAt(path)]).toEqual([{ learning_rate: 0.0005 }, 'adamw']);
    doc.assign(path, { kind: 'sgd' });
    expect(doc.kindAt(path)).toBe('sgd');
    expect(doc.kindAt(['model'])).toBe('');
  });

  it('shows the defaults of what is not written beside a value that is wrong', () => {
    const fields = (name: string): readonly Field[] => {
      const map = groupFields('features').find(({ path }) => path[1] === 'timeframes');
      const rsi = map && entryFields(map, name).find(({ path }) => path.at(-1) === 'rsi');
      return rsi?.kind === 'group' ? rsi.fields : [];
    };
    const doc = new NotebookDoc('```yaml features\ntimeframes:\n  1h: {rsi: {period: -3}}\n  4h: {rsi: {}}\n```\n');
    expect(doc.groups.features).toBeNull();
    const shown = ['1h', '4h'].flatMap((name) =>
      fields(name).map((field) => [field.path.join('.'), doc.valueOf(field)]),
    );
    expect(Object.fromEntries(shown)).toEqual({
      'features.timeframes.1h.rsi.period': -3,
      'features.timeframes.1h.rsi.flat': 50,
      'features.timeframes.4h.rsi.period': 14,
      'features.timeframes.4h.rsi.flat': 50,
    });
  });

  it('inserts a cell that is missing with the first change to it', () => {
    const doc = new NotebookDoc(text);
    doc.assign(['train', 'epochs'], 3);
    expect(doc.cellText('train')).toContain('epochs: 3');
    expect(doc.text.startsWith(text)).toBe(true);
  });

  it('names the range at the field and at the line, and shows no other configuration in its place', () => {
    const doc = new NotebookDoc(text);
    expect(doc.groups.model?.lookback).toBe(32);
    doc.assign(['model', 'lookback'], 2);
    expect(doc.config).toBeNull();
    expect(doc.issueAt(['model', 'lookback'])).toMatch(/8.*4096/);
    expect(doc.diagnosticsOf('model')[0].span.line).toBe(8);
    expect(doc.valueAt(['model', 'lookback'])).toBe(2);
    expect(doc.groups.model).toBeNull();
    expect(doc.broken).toEqual(['model']);
    expect(doc.groups.train?.epochs).toBe(30);
    // What can be told of it still is: the sizes and options that the form offers are those of this network.
    expect(doc.chosen.architecture).toBe('mlp');
    expect(doc.valueAt(['model', 'architecture'])).toBe('mlp');
  });

  it('takes a cell whose YAML cannot be read for broken, not for its defaults', () => {
    const doc = new NotebookDoc(text);
    doc.setCellText('model', 'lookback: [32\n');
    expect(doc.groups.model).toBeNull();
    expect(doc.broken).toEqual(['model']);
    const swallowed = new NotebookDoc('```yaml model\nlookback: 16\n\n```yaml train\nepochs: 2\n```\n');
    expect(swallowed.broken).toEqual(['model', 'train']);
  });

  it('says what differs from a run while something is wrong', () => {
    const doc = new NotebookDoc(text);
    const base = toFile(requireConfig({ cells: { model: { lookback: 32, architecture: 'mlp' } } }).config);
    expect(doc.changesFrom(base)).toEqual({});
    doc.assign(['model', 'lookback'], 2);
    doc.assign(['train', 'epochs'], 3);
    expect(doc.changesFrom(base)).toEqual({ 'model.lookback': [32, 2], 'train.epochs': [30, 3] });
  });

  it('undoes and redoes to the same bytes, and joins what is typed in one go', () => {
    let now = 0;
    const doc = new NotebookDoc(text, [], () => now);
    doc.assign(['model', 'lookback'], 4);
    now += 100;
    doc.assign(['model', 'lookback'], 48);
    const edited = doc.text;
    now += 10_000;
    doc.assign(['model', 'dropout'], 0.1);
    doc.undo();
    expect(doc.text).toBe(edited);
    doc.undo();
    expect(doc.text).toBe(text);
    expect(doc.canUndo).toBe(false);
    doc.redo();
    expect(doc.text).toBe(edited);
  });

  it('refuses a change through a field while the YAML is broken, in words, and loses nothing', () => {
    const doc = new NotebookDoc(text);
    doc.setCellText('model', 'lookback: [32\n');
    const broken = doc.text;
    doc.assign(['model', 'dropout'], 0.3);
    expect(doc.text).toBe(broken);
    expect(doc.refusalOf('model')).toMatch(/^The model cell cannot be changed yet; line 7: the \[ that opens here/);
    expect(doc.obstacleOf('model')).toMatch(/cannot be read/);
    expect([doc.refusalOf('train'), doc.obstacleOf('train')]).toEqual([null, null]);
    doc.undo();
    expect(doc.refusalOf('model')).toBeNull();
    doc.assign(['model', 'dropout'], 0.3);
    expect([doc.refusalOf('model'), doc.obstacleOf('model')]).toEqual([null, null]);
  });

  it('counts a merge’s conflict in the cell that it lies in, at its line', () => {
    const cell = '```yaml train\n<<<<<<< HEAD\nepochs: 2\n=======\nepochs: 3\n>>>>>>> other\n```\n';
    const doc = new NotebookDoc(text + cell);
    const found = doc.diagnosticsOf('train');
    expect(found).toMatchObject([{ code: 'merge_conflict', severity: 'error', span: { line: 12 } }]);
    expect(findingsIn(doc.notebook, 'train', found)).toMatchObject([{ line: 1, column: 1 }]);
    expect(doc.obstacleOf('train')).not.toBeNull();
  });

  it('makes no second cell while the first is swallowed by one that was never closed', () => {
    const swallowed = '```yaml model\nlookback: 16\n\n```yaml train\nepochs: 2\n```\n';
    for (const before of [swallowed, swallowed.replace('yaml model', 'python')]) {
      const doc = new NotebookDoc(before);
      doc.assign(['train', 'epochs'], 3);
      doc.assign(['train', 'epochs'], undefined);
      expect(doc.text).toBe(before);
      expect(doc.refusalOf('train')).toMatch(/line \d/);
      expect(doc.obstacleOf('train')).toMatch(/never closed/);
      expect(doc.obstacleOf('loss')).toBeNull();
    }
    const doc = new NotebookDoc(swallowed);
    expect(doc.diagnosticsOf('train')).toMatchObject([{ code: 'unclosed_fence', span: { line: 1 } }]);
    expect(new NotebookDoc(`${swallowed}\n\`\`\`yaml train\nepochs: 3\n\`\`\`\n`).diagnosticsOf('train')).toEqual([]);
    // The line of the fence is not in the editor.
    expect(findingsIn(doc.notebook, 'model', doc.diagnosticsOf('model'))).toEqual([]);
  });

  it('drops an override when its key is edited, and keeps the others', () => {
    const doc = new NotebookDoc(text, ['model.lookback=100', 'train.epochs=2']);
    expect(doc.valueAt(['model', 'lookback'])).toBe(100);
    doc.assign(['model', 'lookback'], 48);
    expect(doc.overrides).toEqual(['train.epochs=2']);
    expect(doc.config?.model.lookback).toBe(48);
    doc.undo();
    expect(doc.config?.model.lookback).toBe(100);
  });
});
