import { describe, expect, it } from 'vitest';
import { parseNotebook } from '#core/notebook/parse.ts';
import { isSeen, moveBlock, removeBlock } from '#lib/document/arrange.ts';
import { Arranger } from '#lib/document/arranger.svelte.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

const text = '---\ntitle: T\n---\nIntro.\n\n```yaml data\n```\n\n```yaml model\nlookback: 32 # short\n```\n\nEnd.\n';
const at = (kind: string) =>
  parseNotebook(text).blocks.findIndex((block) => block.type === 'cell' && block.kind === kind);
const order = (source: string) =>
  parseNotebook(source)
    .blocks.filter(isSeen)
    .map((block) => (block.type === 'cell' ? block.kind : block.raw.trim()));

describe('the blocks of a notebook', () => {
  it('removes one and leaves one blank line', () => {
    expect(removeBlock(text, at('data'))).toBe(text.replace('```yaml data\n```\n\n', ''));
    expect(removeBlock(text, 0)).toBe(text.replace('Intro.\n', ''));
    expect(removeBlock(text, 99)).toBe(text);
    const joined = '```yaml data\n```\n\nBetween.\n\n```yaml model\n```\n';
    expect(removeBlock(joined, 1)).toBe('```yaml data\n```\n\n```yaml model\n```\n');
  });

  it('moves one past its neighbour and back to the very same bytes', () => {
    const down = moveBlock(text, at('data'), 1);
    expect(order(down.text)).toEqual(['Intro.', 'model', 'data', 'End.']);
    expect(down.text).toContain('lookback: 32 # short');
    expect(moveBlock(down.text, down.at, -1).text).toBe(text);
    expect(order(moveBlock(text, at('data'), -1).text)).toEqual(['data', 'Intro.', 'model', 'End.']);
    expect(moveBlock(text, 0, -1).text).toBe(text);
  });

  it('does not move an unclosed cell over what it would swallow', () => {
    const open = '```yaml data\n```\n\n```yaml model\nlookback: 32\n';
    expect(moveBlock(open, parseNotebook(open).blocks.length - 1, -1).text).toBe(open);
  });
});

describe('Arranger', () => {
  it('begins prose where there is none, keeps it out of the file until there are words, and undoes removals', () => {
    const doc = new NotebookDoc(text);
    const said: string[] = [];
    const arranger = new Arranger(doc, (words) => said.push(words));
    arranger.writeBelow(at('data'));
    const fresh = arranger.places.find((place) => place.fresh);
    expect(arranger.places.map(({ block }) => block.type)).toEqual(['prose', 'cell', 'prose', 'cell', 'prose']);
    expect(doc.text).toBe(text);
    if (!fresh) throw new Error('no place for the words');
    arranger.setWords(fresh, 'Why? ');
    expect(order(doc.text)).toEqual(['Intro.', 'data', 'Why?', 'model', 'End.']);
    const written = arranger.places.find(({ block }) => block.raw.includes('Why?'));
    if (!written) throw new Error('the words are not on the page');
    expect(arranger.isEditing(written)).toBe(true);
    arranger.setWords(written, '');
    arranger.leave();
    expect(order(doc.text)).toEqual(['Intro.', 'data', 'model', 'End.']);

    arranger.pressRemove(0, 1000);
    arranger.pressRemove(0, 5000);
    expect(said).toEqual([]);
    arranger.pressRemove(0, 5400);
    expect(said).toHaveLength(1);
    expect(order(doc.text)).toEqual(['data', 'model', 'End.']);
    doc.undo();
    expect(order(doc.text)).toEqual(['Intro.', 'data', 'model', 'End.']);
  });

  it('keeps the line ends of the file, line by line', () => {
    const windows = text.replaceAll('\n', '\r\n').replace('Intro.', 'Intro.\r\nMore.\nEnd of it.');
    const doc = new NotebookDoc(windows);
    const arranger = new Arranger(doc);
    const [intro] = arranger.places;
    if (!intro) throw new Error('no prose on the page');
    // As an editor gives it: every line ends in LF.
    arranger.setWords(intro, 'Intro.\nMore!\nAnd more.\nEnd of it.');
    expect(doc.text).toBe(windows.replace('More.\n', 'More!\r\nAnd more.\r\n'));
    arranger.writeBelow(at('data'));
    const fresh = arranger.places.find((place) => place.fresh);
    if (fresh) arranger.setWords(fresh, 'Two\nlines');
    expect(doc.text).toContain('\r\nTwo\r\nlines\r\n');
    doc.setCellText('model', 'lookback: 32 # short\nvariant: large\n');
    expect(doc.text).toContain('lookback: 32 # short\r\nvariant: large\r\n');
  });

  it('opens the prose that is there instead of beginning another beside it', () => {
    const arranger = new Arranger(new NotebookDoc(text));
    arranger.writeAbove(at('data'));
    expect(arranger.places.some(({ fresh }) => fresh)).toBe(false);
    const [intro] = arranger.places;
    expect(intro && arranger.isEditing(intro)).toBe(true);
  });
});
