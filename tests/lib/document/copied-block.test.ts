import { beforeEach, describe, expect, it } from 'vitest';
import { parseNotebook } from '#core/notebook/parse.ts';
import { cellToText, insertBlock, textToCell } from '#lib/document/arrange.ts';
import { Arranger } from '#lib/document/arranger.svelte.ts';
import { copyBlock, findCopied } from '#lib/document/copied-block.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

const text = '---\ntitle: T\n---\nIntro.\n\n```yaml data\n```\n\n```yaml model\nlookback: 32 # short\n```\n\nEnd.\n';
const at = (kind: string, source = text) =>
  parseNotebook(source).blocks.findIndex((block) => block.type === 'cell' && block.kind === kind);
const kinds = (source: string) =>
  parseNotebook(source).blocks.flatMap((block) => (block.type === 'cell' ? [block.kind] : []));

function opened(source: string) {
  const doc = new NotebookDoc(source);
  const said: { text: string; undo?: { run(): void } }[] = [];
  const arranger = new Arranger(doc, (words, undo) => said.push({ text: words, ...(undo && { undo }) }));
  return { doc, arranger, said };
}

beforeEach(() => localStorage.clear());

describe('a block that is pasted', () => {
  it('stands with blank lines around it, as it was written, and is where it is said to be', () => {
    const cell = '  ```yaml targets\n  horizon: 12 # bars\n  ```\n';
    const pasted = insertBlock(text, at('model'), cell);
    expect(pasted?.text).toBe(text.replace('```yaml model', `${cell}\n\`\`\`yaml model`));
    expect(pasted?.at).toBe(at('targets', pasted?.text));
    const words = insertBlock(text, 0, '\n\nBefore all.\n');
    expect(words?.text).toBe(text.replace('Intro.', '\nBefore all.\n\nIntro.'));
    expect(insertBlock('', 0, cell)?.text).toBe(cell);
  });

  it('is refused where its open fence would swallow a cell', () => {
    expect(insertBlock(text, 0, '```\nnever closed\n')).toBeNull();
    expect(insertBlock(text, parseNotebook(text).blocks.length, '```\nnever closed\n')?.text).toContain('never closed');
  });
});

describe('a cell set aside', () => {
  it('declares nothing, is read without a warning, and comes back byte for byte', () => {
    for (const end of ['\n', '\r\n']) {
      const source = text.replaceAll('\n', end);
      const aside = cellToText(source, at('model', source)) ?? '';
      expect(aside).toBe(source.replace('```yaml model', '```yaml cell=model'));
      expect(kinds(aside)).toEqual(['data']);
      expect(parseNotebook(aside).diagnostics).toEqual([]);
      const last = parseNotebook(aside).blocks.length - 1;
      expect(textToCell(aside, last)).toEqual({ text: source, kind: 'model' });
    }
  });

  it('is not made of text, nor of a cell that is never closed; nor is a cell of what other code quotes', () => {
    expect(cellToText(text, 0)).toBeNull();
    const open = '```yaml data\nsource: a.csv\n';
    expect(cellToText(open, 0)).not.toBeNull();
    expect(cellToText('```yaml data\n\n```yaml model\nlookback: 32\n```\n', 0)).toBe(
      '```yaml cell=data\n\n```yaml model\nlookback: 32\n```\n',
    );
    expect(textToCell('~~~\n```yaml cell=model\n```\n~~~\n', 0)).toBeNull();
    expect(textToCell('```yaml cell=modle\n```\n', 0)).toBeNull();
  });
});

describe('Arranger', () => {
  it('moves a cell by cut and paste, each one step of undo', () => {
    const { doc, arranger, said } = opened(text);
    arranger.cut(at('data'));
    expect(kinds(doc.text)).toEqual(['model']);
    arranger.paste(at('model', doc.text) + 1);
    expect(kinds(doc.text)).toEqual(['model', 'data']);
    doc.undo();
    expect(kinds(doc.text)).toEqual(['model']);
    said[0]?.undo?.run();
    expect(doc.text).toBe(text);
  });

  it('gives a cell that is there already the YAML of the copied one, from another notebook', () => {
    opened('```yaml model\nlookback: 64\nvariant: large\n```\n').arranger.copy(0);
    const { doc, arranger, said } = opened(text);
    arranger.paste(0);
    expect(doc.text).toBe(text.replace('lookback: 32 # short', 'lookback: 64\nvariant: large'));
    expect(said.at(-1)?.text).toContain('one of each kind');
    const before = doc.text;
    arranger.paste(0);
    expect([doc.text, said.at(-1)?.text, said.at(-1)?.undo]).toEqual([
      before,
      expect.stringContaining('already'),
      undefined,
    ]);
  });

  it('pastes words, and says so where nothing was copied', () => {
    const { doc, arranger, said } = opened(text);
    arranger.paste(1);
    expect([doc.text, said.at(-1)?.text]).toEqual([text, expect.stringContaining('press c')]);
    arranger.copy(0);
    arranger.paste(at('model') + 1);
    expect(doc.text).toBe(text.replace('```\n\nEnd.', '```\n\nIntro.\n\nEnd.'));
  });

  it('sets a cell aside and back, unless another has taken its place', () => {
    const { doc, arranger, said } = opened(text);
    arranger.turnIntoText(at('data'));
    expect(kinds(doc.text)).toEqual(['model']);
    expect(said.at(-1)?.text).toContain('defaults hold');
    const aside = parseNotebook(doc.text).blocks.findIndex(({ raw }) => raw.includes('cell=data'));
    doc.setText(`${doc.text}\n\`\`\`yaml data\nsource: b.csv\n\`\`\`\n`);
    arranger.turnIntoCell(aside);
    expect([said.at(-1)?.text, kinds(doc.text)]).toEqual([expect.stringContaining('already'), ['model', 'data']]);
    doc.undo();
    arranger.turnIntoCell(aside);
    expect(doc.text).toBe(text);
    arranger.turnIntoCell(0);
    expect(said.at(-1)?.text).toContain('cell=model');
  });
});

it('what another page or version kept is a block or nothing', () => {
  expect(findCopied()).toBeNull();
  localStorage.setItem('copied-block', '{"raw":"words","kind":"plot","text":"x"}');
  expect(findCopied()).toEqual({ raw: 'words', cell: null });
  localStorage.setItem('copied-block', '{"raw":5}');
  expect(findCopied()).toBeNull();
  const [cell] = parseNotebook('```yaml data\nsource: a.csv\n```\n').blocks;
  if (cell) copyBlock(cell);
  expect(findCopied()?.cell).toEqual({ kind: 'data', text: 'source: a.csv\n' });
});
