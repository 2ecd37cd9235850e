/** A text in quotes, as a filter reads it back. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A text as a filter writes it: in quotes where it would be read as more than a word. */
export function wordOf(text: string): string {
  const isWord = /^[\w.+/-]+$/.test(text) && !text.includes('..') && !/^(and|or|not|in|is|none|null)$/i.test(text);
  return isWord ? text : quoted(text);
}
