/** One line of a text. */
export interface Line {
  /** Without its end. */
  readonly text: string;
  /** `\n`, `\r\n`, or empty at the end of the text. */
  readonly end: string;
  /** Offset of its first character, UTF-16 units from 0. */
  readonly start: number;
}

/** Lines of a text; their texts and ends together are the text, character for character. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const stop = feed < 0 ? text.length : feed + 1;
    const end = feed < 0 ? '' : text[feed - 1] === '\r' && feed > start ? '\r\n' : '\n';
    lines.push({ text: text.slice(start, stop - end.length), end, start });
    start = stop;
  }
  return lines;
}

/** The line end of a text that has several: that of Windows where it is used at all. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** `after` with the line ends of `before`: lines that are the same keep their bytes, others take the usual end. */
export function keepLineEnds(before: string, after: string): string {
  const [old, next] = [splitLines(before), splitLines(after)];
  const usual = lineEndOf(before);
  const shorter = Math.min(old.length, next.length);
  let head = 0;
  while (head < shorter && old[head].text === next[head].text) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail].text === next[next.length - 1 - tail].text) tail++;
  return next
    .map(({ text, end }, index) => {
      const same = index < head ? old[index] : old[index - next.length + old.length];
      const isSame = index < head || index >= next.length - tail;
      return text + (end && ((isSame && same.end) || usual));
    })
    .join('');
}

/** Place of a range in a text: lines and columns count from 1, the end is exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Line starts of a text, to turn offsets into lines and columns. */
export class LineIndex {
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = [
      0,
      ...splitLines(text).flatMap(({ text: { length }, end, start }) => (end ? [start + length + end.length] : [])),
    ];
  }

  span(start: number, end: number): Span {
    const from = this.#place(start);
    const to = this.#place(Math.max(start, end));
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  #place(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low] + 1 };
  }
}
