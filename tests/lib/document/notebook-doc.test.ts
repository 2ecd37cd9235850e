import { describe, expect, it } from 'vitest';
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

  it('inserts a cell that is missing with the first change to it', () => {
    const doc = new NotebookDoc(text);
    doc.assign(['train', 'epochs'], 3);
    expect(doc.cellText('train')).toContain('epochs: 3');
    expect(doc.text.startsWith(text)).toBe(true);
  });

  it('names the range at the field and at the line, and keeps the last good configuration in view', () => {
    const doc = new NotebookDoc(text);
    expect(doc.shown.model.lookback).toBe(32);
    doc.assign(['model', 'lookback'], 2);
    expect(doc.config).toBeNull();
    expect(doc.issueAt(['model', 'lookback'])).toMatch(/8.*4096/);
    expect(doc.diagnosticsOf('model')[0].span.line).toBe(8);
    expect(doc.valueAt(['model', 'lookback'])).toBe(2);
    expect(doc.shown.model.lookback).toBe(32);
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
    expect(doc.refusal).not.toBeNull();
    doc.undo();
    doc.assign(['model', 'dropout'], 0.3);
    expect(doc.refusal).toBeNull();
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
