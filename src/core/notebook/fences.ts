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

/** The end of HTML that any tag of a page begins: a blank line, after which Markdown goes on. */
export const emptyLine = 'an empty line';

/** A block of HTML, whose inside is no Markdown, by line numbers from 0. */
export interface HtmlBlock {
  readonly open: number;
  /** Its last line; the number of lines when it is never closed. */
  readonly close: number;
  /** What ends it, as a person would write it. */
  readonly end: string;
}

/** HTML blocks of CommonMark 4.6 whose insides are no Markdown, with the pattern that ends each and its name. */
const htmlBlocks: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^ {0,3}<!--/, /-->/, '-->'],
  [/^ {0,3}<(script|pre|style|textarea)([\s>]|$)/i, /<\/(script|pre|style|textarea)>/i, 'its closing tag'],
  [/^ {0,3}<\?/, /\?>/, '?>'],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/, ']]>'],
  [/^ {0,3}<![a-z]/i, />/, '>'],
  [
    /^ {0,3}<\/?(address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)([\s>]|\/>|$)/i,
    /^\s*$/,
    emptyLine,
  ],
];

/** The fenced blocks that are not inside another one, an HTML comment or an HTML block, and those of HTML. Linear in the text. */
export function findFences(
  lines: readonly Line[],
  from: number,
): { readonly fences: readonly Fence[]; readonly html: readonly HtmlBlock[] } {
  const fences: Fence[] = [];
  const html: HtmlBlock[] = [];
  for (let at = from; at < lines.length; at++) {
    const { text } = lines[at];
    const item = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?=`{3}|~{3})/.exec(text)?.[0];
    if (item !== undefined) {
      at = findItemClose(lines, at, item.length);
      continue;
    }
    const first = text.trimStart().charAt(0);
    if (first !== '<' && first !== '`' && first !== '~') continue;
    const kind = htmlBlocks.find(([start]) => start.test(text));
    if (kind) {
      const open = at;
      while (at < lines.length && !kind[1].test(lines[at].text)) at++;
      html.push({ open, close: at, end: kind[2] });
      continue;
    }
    const opens = openFence(text);
    if (!opens) continue;
    const close = findClose(lines, at + 1, opens.mark);
    fences.push({ open: at, close, ...opens });
    at = close;
  }
  return { fences, html };
}

/** What stands before a fence in a quotation and in an item of a list. */
const containers = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))+[ \t]*/;

/** What a line would open at the start of its line, were it not in a quotation or a list. */
export function openContained(line: string): Pick<Fence, 'indent' | 'mark' | 'info'> | undefined {
  const before = containers.exec(line)?.[0];
  return before === undefined ? undefined : openFence(line.slice(before.length));
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

/** The last line of code that an item of a list begins with: where its fence is closed, else where the item ends. */
function findItemClose(lines: readonly Line[], open: number, width: number): number {
  const mark = openFence(lines[open].text.slice(width))?.mark;
  if (mark === undefined) return open;
  for (let at = open + 1; at < lines.length; at++) {
    const { text } = lines[at];
    const isInside = text.slice(0, width).trim() === '';
    if (!isInside) return at - 1;
    if (closes(text.slice(width), mark)) return at;
  }
  return lines.length - 1;
}

/** A line closes a fence when it is at least as long, of the same mark, and nothing follows. */
export function closes(line: string, mark: string): boolean {
  const text = line.replace(/^ {0,3}/, '').trimEnd();
  return text.length >= mark.length && [...text].every((character) => character === mark[0]);
}
