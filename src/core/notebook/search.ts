import { isMap } from '#core/config/document.ts';
import type { Notebook } from './notebook.ts';

/** Where a search found a notebook: the line of it that holds most of what was looked for. */
interface Found {
  /** Kind of the cell, `prose` or `title`. */
  readonly where: string;
  /** As a person reads it: a line of prose, or `features.timeframes.1h.rsi.period: 14`. */
  readonly line: string;
}

/** Longest line that a search shows, in characters. */
const longestLine = 180;

/** Words that have to stand in one line. */
export type SearchTerm = readonly string[];

/**
 * What is looked for, in small letters: terms parted by blanks; `lookback=96` and `lookback:96` are a key and its value, which
 * stand in one line.
 */
export function searchTerms(search: string): readonly SearchTerm[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (/^([a-z_][\w.]*)[=:](?!\/\/)(.*)$/.exec(word)?.slice(1) ?? [word]).filter((part) => part !== ''))
    .filter((term) => term.length > 0);
}

/**
 * Where all terms occur in a notebook: in its title, its prose, or the dotted keys and values that its cells declare; null
 * where one does not. Capitals count for nothing.
 */
export function findTerms(notebook: Notebook, terms: readonly SearchTerm[], title: string): Found | null {
  let best: { readonly found: Found; readonly count: number } | null = null;
  const missing = new Set(terms);
  for (const found of [{ where: 'title', line: title }, ...linesOf(notebook)]) {
    const text = found.line.toLowerCase();
    const held = terms.filter((term) => term.every((word) => text.includes(word)));
    for (const term of held) missing.delete(term);
    if (held.length > (best?.count ?? 0)) best = { found, count: held.length };
  }
  if (best === null || missing.size > 0) return null;
  const { where, line } = best.found;
  return { where, line: around(line, terms.flat()) };
}

function* linesOf(notebook: Notebook): Generator<Found> {
  for (const block of notebook.blocks) {
    if (block.type === 'prose') {
      for (const line of block.raw.split(/\r?\n/)) if (line.trim() !== '') yield { where: 'prose', line: line.trim() };
    } else if (isMap(block.value)) yield* settings(block.kind, block.value, block.kind);
    // A cell that cannot be read is searched as it is written.
    else for (const line of block.text.split('\n')) if (line.trim() !== '') yield { where: block.kind, line };
  }
}

function* settings(path: string, value: unknown, where: string): Generator<Found> {
  if (!isMap(value) || Object.keys(value).length === 0) {
    yield { where, line: `${path}: ${typeof value === 'string' ? value : JSON.stringify(value)}` };
    return;
  }
  for (const [key, inner] of Object.entries(value)) yield* settings(`${path}.${key}`, inner, where);
}

/** A long line is cut around the first word that it holds. */
function around(line: string, words: readonly string[]): string {
  if (line.length <= longestLine) return line;
  const small = line.toLowerCase();
  const at = Math.min(...words.map((word) => small.indexOf(word)).filter((place) => place >= 0));
  const from = Math.max(0, Math.min(at - 40, line.length - longestLine));
  return `${from > 0 ? '…' : ''}${line.slice(from, from + longestLine)}${from + longestLine < line.length ? '…' : ''}`;
}
