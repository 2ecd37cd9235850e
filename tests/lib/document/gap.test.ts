import { describe, expect, it } from 'vitest';
import { gapAt, replaceWords } from '#lib/document/gap.ts';
import { parseNotebook } from '#core/notebook/parse.ts';

const text = '---\ntitle: x\n---\nFirst.\n\n```yaml data\n```\n\n```yaml train\n```\n\nLast.\n';

describe('gaps', () => {
  it('are behind a cell, or before the first', () => {
    const { blocks } = parseNotebook(text);
    expect(blocks.map((_, index) => gapAt(blocks, index))).toEqual([null, null, 'data', 'data', 'train']);
    expect(gapAt(blocks, blocks.length)).toBe('train');
  });

  it('take other words, and keep all else of the notebook', () => {
    expect(replaceWords(text, null, 'Other.')).toBe(text.replace('First.', 'Other.'));
    expect(replaceWords(text, 'train', 'Other.\n\nMore.')).toBe(text.replace('Last.', 'Other.\n\nMore.'));
    expect(replaceWords(text, 'data', 'Between.')).toBe(
      text.replace('```\n\n```yaml t', '```\n\nBetween.\n\n```yaml t'),
    );
    expect(replaceWords(text.replaceAll('\n', '\r\n'), null, 'A\nb')).toBe(
      text.replace('First.', 'A\nb').replaceAll('\n', '\r\n'),
    );
  });

  it('lose their words where those are taken away', () => {
    expect(replaceWords(text, 'train', '').trimEnd()).toBe(text.replace('Last.', '').trimEnd());
  });
});
