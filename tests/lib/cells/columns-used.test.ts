import { describe, expect, it } from 'vitest';
import { columnsUsed } from '#lib/cells/columns-used.ts';

describe('columns of a file', () => {
  it('are told part by part in the order of a bar, a plain name once', () => {
    const columns = { close: 'Adj Close', time: 'Date + Clock', open: 'open' };
    expect(columnsUsed({ columns, unused: ['Close'] })).toEqual({
      used: ['time = Date + Clock', 'open', 'close = Adj Close'],
      unused: ['Close'],
      more: [],
    });
  });

  it('that are not used are folded where they are many, and none is lost', () => {
    const unused = Array.from({ length: 30 }, (_, k) => `x${k}`);
    const told = columnsUsed({ columns: {}, unused });
    expect([told.unused.length, told.more.length]).toEqual([8, 22]);
    expect([...told.unused, ...told.more]).toEqual(unused);
    // Not a button for one name alone.
    expect(columnsUsed({ columns: {}, unused: unused.slice(0, 9) }).more).toEqual([]);
  });
});
