import type { Line } from './lines.ts';

/** A fenced code block of CommonMark, by line numbers from 0. */
export interface Fence {
  /** Line of the opening fence. */
  readonly open: number;
  /** Line of the closing fence; the number of lines when it is never closed. */
  readonly close: number;
  /** Spaces before the opening fence, which are taken off every line of the content. */
  readonly indent: number;
  /** The fence itself, e.g. ``` or ~~~~. */
  readonly mark: string;
  /** What stands after it, trimmed. */
  readonly info: string;
}

const opening = /^( {0,3})(`{3,}|~{3,})(.*)$/;

/** HTML blocks of CommonMark 4.6 whose insides are no Markdown, with the pattern that ends each. */
const htmlBlocks: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<(script|pre|style|textarea)([\s>]|$)/i, /<\/(script|pre|style|textarea)>/i],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
  [
    /^ {0,3}<\/?(address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)([\s>]|\/>|$)/i,
    /^\s*$/,
  ],
];

/** The fenced blocks that are not inside another one, an HTML comment or an HTML block. Linear in the text. */
export function findFences(lines: readonly Line[], from: number): Fence[] {
  const fences: Fence[] = [];
  for (let at = from; at < lines.length; at++) {
    const { text } = lines[at];
    const first = text.trimStart().charAt(0);
    if (first !== '<' && first !== '`' && first !== '~') continue;
    const html = htmlBlocks.find(([start]) => start.test(text));
    if (html) {
      while (at < lines.length && !html[1].test(lines[at].text)) at++;
      continue;
    }
    const opens = openFence(text);
    if (!opens) continue;
    const close = findClose(lines, at + 1, opens.mark);
    fences.push({ open: at, close, ...opens });
    at = close;
  }
  return fences;
}

/** What a line opens, were it not inside another block. */
export function openFence(line: string): Pick<Fence, 'indent' | 'mark' | 'info'> | undefined {
  const [, spaces, mark, info] = opening.exec(line) ?? [];
  // An info string after backticks holds none, else it is inline code.
  if (mark === undefined || (mark[0] === '`' && info.includes('`'))) return undefined;
  return { indent: spaces.length, mark, info: info.trim() };
}

function findClose(lines: readonly Line[], from: number, mark: string): number {
  for (let at = from; at < lines.length; at++) {
    if (closes(lines[at].text, mark)) return at;
  }
  return lines.length;
}

/** A line closes a fence when it is at least as long, of the same mark, and nothing follows. */
export function closes(line: string, mark: string): boolean {
  const text = line.replace(/^ {0,3}/, '').trimEnd();
  return text.length >= mark.length && [...text].every((character) => character === mark[0]);
}
