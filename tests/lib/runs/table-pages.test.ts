import { describe, expect, it } from 'vitest';
import { countLines, lineAt, lineOf, takeAnswer } from '#lib/runs/table-pages.ts';
import { tableAnswer, tableRow } from './table-rows.ts';

describe('takeAnswer', () => {
  const page = takeAnswer(undefined, tableAnswer([tableRow(3), tableRow(2), tableRow(1)]));

  it('keeps the rows that a difference leaves out, and drops those that went', () => {
    const answer = tableAnswer([tableRow(4), tableRow(2, { name: 'new' })], {
      version: '2',
      isDifference: true,
      order: ['run4', 'run3', 'run2'],
    });
    const next = takeAnswer(page ?? undefined, answer);
    expect(next?.version).toBe('2');
    expect([...(next?.rows.values() ?? [])].map(({ number, name }) => [number, name])).toEqual([
      [4, 'run 4'],
      [3, 'run 3'],
      [2, 'new'],
    ]);
  });

  it('refuses a difference from what is not here, so that the whole is asked for', () => {
    const answer = tableAnswer([], { isDifference: true, order: ['run9'] });
    expect(takeAnswer(page ?? undefined, answer)).toBeNull();
    expect(takeAnswer(undefined, { ...answer, order: [] })).toBeNull();
  });
});

describe('lines', () => {
  const section = (rows: string | null, count: number) => ({ rows, loss: null, isRanked: rows !== null, count });
  const sections = [section('A', 2), section('B', 1), section(null, 3)];

  it('has a heading before the entries of each section', () => {
    expect(countLines(6, sections)).toBe(9);
    const lines = Array.from({ length: 9 }, (_, line) => lineAt(line, sections));
    expect(lines.map((line) => (line.kind === 'heading' ? line.section.rows : line.index))).toEqual([
      ...['A', 0, 1],
      ...['B', 2],
      ...[null, 3, 4, 5],
    ]);
    for (const [line, found] of lines.entries())
      if (found.kind === 'entry') expect(lineOf(found.index, sections)).toBe(line);
  });

  it('is as long as the entries where nothing is set apart', () => {
    expect([countLines(6, []), lineAt(4, []), lineOf(4, [])]).toEqual([6, { kind: 'entry', index: 4 }, 4]);
  });

  it('finds an entry that came after the sections were counted in the last of them', () => {
    expect(lineAt(9, sections)).toEqual({ kind: 'entry', index: 6 });
    expect(lineOf(6, sections)).toBe(9);
  });
});
