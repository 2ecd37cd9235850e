/** A text in quotes, as a filter reads it back. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A text as a filter writes it: in quotes where it would be read as more than a word. */
export function wordOf(text: string): string {
  const isWord = /^[\w.+/-]+$/.test(text) && !text.includes('..') && !/^(and|or|not|in|is|none|null)$/i.test(text);
  return isWord ? text : quoted(text);
}

/** What somebody types to find a run, as a filter: each word is in one of its texts, whatever characters it has. */
export function filterOfWords(words: string): string {
  return words
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(quoted)
    .join(' and ');
}
