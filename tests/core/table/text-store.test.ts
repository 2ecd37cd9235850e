import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnBuilder } from '#core/table/column.ts';
import { TextStore } from '#core/table/text-store.ts';

const storeOf = (texts: readonly string[]): TextStore => {
  const store = new TextStore(1, 1);
  texts.forEach((text, row) => store.add(row, text));
  return store;
};
const read = (store: TextStore, rows: number): string[] => Array.from({ length: rows }, (_, row) => store.at(row));

describe('texts of rows', () => {
  it.each([
    ['of ASCII', ['2024-03-04 09:30', '', 'a']],
    ['of other letters', ['24. März 2023', '2024年3月4日', '−1', '😀', '\ufeff', 'plain']],
    ['longer than what is decoded at once', ['x'.repeat(9000), 'short', 'é'.repeat(9000)]],
    ['more than was expected', Array.from({ length: 5000 }, (_, k) => `row ${k}`)],
    ['of other letters behind many of ASCII', [...Array.from({ length: 999 }, (_, k) => `${k}:00`), 'Mrz ä', 'end']],
  ])('%s come out as they went in, in whatever order they are read', (_, texts) => {
    const store = storeOf(texts);
    expect(read(store, texts.length)).toEqual(texts);
    expect(texts.map((__, k) => store.at(texts.length - 1 - k)).reverse()).toEqual(texts);
  });

  it('are whatever text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '月', '😀', '\0'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        expect(read(storeOf(texts), texts.length)).toEqual(texts);
      }),
    );
  });

  it('may be read between two that are added', () => {
    const store = new TextStore(4, 4);
    const seen = ['9:30', '10:30', 'März', '11:30'].map((text, row) => {
      store.add(row, text);
      return [store.at(0), store.at(row)];
    });
    expect(seen).toEqual([
      ['9:30', '9:30'],
      ['9:30', '10:30'],
      ['9:30', 'März'],
      ['9:30', '11:30'],
    ]);
  });

  it('are taken by rows', () => {
    const store = storeOf(['a:1', 'ä', 'c:3']);
    expect(read(store.take(Int32Array.of(2, 0, 1, 2)), 5)).toEqual(['c:3', 'a:1', 'ä', 'c:3', '']);
  });
});

describe('a column with some texts', () => {
  it('has none in its other rows', () => {
    const builder = new ColumnBuilder(1);
    for (const cell of ['1.5', '', ' März ', '2', '9:30', '3']) builder.text(cell);
    const { kind, texts } = builder.finish();
    expect(read(texts!, kind.length)).toEqual(['', '', 'März', '', '9:30', '']);
  });

  it('forgets a cell that is taken back', () => {
    const builder = new ColumnBuilder(8);
    for (const cell of ['1', 'one:1', 'two:22']) builder.text(cell);
    expect(builder.lastText).toBe('two:22');
    builder.undo();
    expect(builder.lastText).toBe('one:1');
    builder.blank();
    builder.text('x:3');
    expect(read(builder.finish().texts!, 5)).toEqual(['', 'one:1', '', 'x:3', '']);
  });

  it('takes times from bytes', () => {
    const builder = new ColumnBuilder(1);
    const bytes = new TextEncoder().encode('9:30,10:00,11:00');
    builder.ascii(bytes, 0, 4);
    builder.text('ä');
    builder.ascii(bytes, 5, 10);
    expect(read(builder.finish().texts!, 3)).toEqual(['9:30', 'ä', '10:00']);
  });
});
