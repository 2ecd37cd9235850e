import { describe, expect, it } from 'vitest';
import { arrangeNotes } from '#lib/cells/notes.ts';

describe('notes of a report', () => {
  it('begin with what a person can change, each once, and fold what is many', () => {
    const plain = ['a', 'b', 'c', 'd', 'e'];
    const { first, more } = arrangeNotes([...plain, 'a', '3 rows are odd; data.outliers: drop leaves them out']);
    expect(first).toEqual(['3 rows are odd; data.outliers: drop leaves them out', 'a', 'b', 'c']);
    expect(more).toEqual(['d', 'e']);
    expect(arrangeNotes(plain)).toEqual({ first: plain, more: [] });
  });

  it.each([
    ['101230000 where about 100.9 was usual', '101,230,000 where about 100.9 was usual'],
    [
      'from 2024-02-28T08:00:00.000Z to 2024-03-24T07:00:00Z, 24 days',
      'from 2024-02-28 08:00 UTC to 2024-03-24 07:00 UTC, 24 days',
    ],
    ['the column "20240101 12345" is text', 'the column "20240101 12345" is text'],
    ['row 12345, 20000.', 'row 12,345, 20,000.'],
    ['at 0.123456 and 12345.678 and 2024-01-01', 'at 0.123456 and 12345.678 and 2024-01-01'],
    ['sample://x?bars=20000 of v12345', 'sample://x?bars=20,000 of v12345'],
  ])('are written for a person: %s', (note, shown) => {
    expect(arrangeNotes([note]).first).toEqual([shown]);
  });
});
