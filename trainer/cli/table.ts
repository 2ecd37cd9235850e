import { toVisible } from './visible.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What takes two columns of a terminal: emoji, and the scripts of East Asia. */
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;

/**
 * Rows as lines, their columns under each other. `width`, where there is one, is the terminal's: the column `flexible`
 * gives way, at least eight columns of it stay.
 */
export function toTable(
  rows: readonly (readonly string[])[],
  { width, flexible }: { readonly width: number | null; readonly flexible: number },
): readonly string[] {
  const cells = rows.map((row) => row.map(toVisible));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]))));
  const others = widths.reduce((sum, size, column) => sum + (column === flexible ? 0 : size + gap.length), 0);
  if (width !== null) widths[flexible] = Math.max(8, Math.min(widths[flexible], width - others));
  return cells.map((row) =>
    row
      .map((cell, column) => fit(cell, widths[column]))
      .join(gap)
      .trimEnd(),
  );
}

const gap = '  ';

function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

function fit(text: string, width: number): string {
  const own = widthOf(text);
  if (own <= width) return text + ' '.repeat(width - own);
  let [cut, taken] = ['', 0];
  for (const { segment } of graphemes.segment(text)) {
    const size = wide.test(segment) ? 2 : 1;
    if (taken + size > width - 1) break;
    cut += segment;
    taken += size;
  }
  return `${cut}…${' '.repeat(width - taken - 1)}`;
}
