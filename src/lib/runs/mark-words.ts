import { searchTerms } from '#core/notebook/search.ts';

interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** A line cut into the words that were looked for and what stands between them; put together again it is the line. */
export function markWords(line: string, search: string): readonly Piece[] {
  const words = searchTerms(search)
    .flat()
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (words.length === 0) return [{ text: line, marked: false }];
  // With a group in it split keeps what it splits at: every second piece.
  return line
    .split(new RegExp(`(${words.join('|')})`, 'gi'))
    .map((text, at) => ({ text, marked: at % 2 === 1 }))
    .filter(({ text }) => text !== '');
}
