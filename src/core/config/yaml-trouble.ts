import { type Document, Lexer, visit, type YAMLError } from 'yaml';

/** What is wrong with a YAML text, in one plain sentence; offsets from 0 in UTF-16 units. */
export interface YamlTrouble {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Marks that a merge leaves at the beginning of a line, `=======` aside, which a heading of Markdown has as well. */
export const conflictMark = /^(?:<{7}|\|{7}|>{7})(?=[ \r\n]|$)/m;
export const conflictMessage =
  'a merge left its conflict marks here (<<<<<<<, =======, >>>>>>>); keep one of the versions and delete the marks';

/** Lines end in a way that YAML and Markdown readers of today do not know. */
export const loneReturnMessage = 'expected lines that end in LF or CR LF, received CR alone; save the file with LF';

/** These leave the rest of the text readable, so that what follows them is worth telling too. */
const local = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DQ_ESCAPE']);

/** The parser's errors in its order, one sentence each. What follows one that derails the parser is noise, and left out. */
export function explainErrors(text: string, errors: readonly YAMLError[]): YamlTrouble[] {
  if (errors.length === 0) return [];
  const conflict = conflictMark.exec(text);
  if (conflict) {
    return [{ message: conflictMessage, start: conflict.index, end: conflict.index + conflict[0].length }];
  }
  const lone = /\r(?!\n)/.exec(text);
  if (lone) return [trouble(loneReturnMessage, lone.index)];
  // A quote that is never closed takes in everything behind it: whatever else is said is said of that.
  const quote = errors.find(isOpenQuote);
  const inOrder = quote ? [quote] : errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const derailed = inOrder.findIndex(({ code }) => !local.has(code));
  const told = derailed < 0 ? inOrder : inOrder.slice(0, derailed + 1);
  return told.map((error) => explain(text, error, inOrder));
}

/** What toJS threw: an alias without its anchor, or aliases that multiply. */
export function explainAliases(text: string, document: Document, error: unknown): YamlTrouble {
  const name = error instanceof ReferenceError ? /^Unresolved alias .*?: (.*)$/.exec(error.message)?.[1] : undefined;
  let place: readonly number[] = [0, text.length];
  if (name === undefined)
    return trouble('expected few aliases (*name), received ones that multiply; write them out', 0);
  visit(document, {
    Alias(_key, node) {
      if (node.source !== name) return undefined;
      place = node.range ?? place;
      return visit.BREAK;
    },
  });
  const value = restOfLine(text, place[0]);
  return { message: `${needsQuotes(value)}; without them it names an anchor, and there is none`, ...span(place) };
}

/** Why a line without `key: value` is none, in words for a person; undefined where it may be one. */
export function explainLine(line: string): string | undefined {
  const [, key, value] = /^(?:- )?([\w.-]+)\s*[:=：]\s*(\S.*)$/.exec(line.trim()) ?? [];
  if (key === undefined) return undefined;
  return `expected a colon and a space behind the key (${key}: ${short(value)}), received ${short(line.trim())}`;
}

function isOpenQuote({ message }: YAMLError): boolean {
  return /closing .quote/.test(message);
}

function explain(text: string, error: YAMLError, all: readonly YAMLError[]): YamlTrouble {
  const [start, end] = error.pos;
  const line = lineAt(text, start);
  if (/^ *\t/.test(line.text)) {
    return trouble(
      'expected spaces before the first word of this line, received a tab; indent by two spaces',
      line.start,
    );
  }
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return trouble('expected one YAML document, and a second begins here; delete the line of --- or ...', start);
    case 'DUPLICATE_KEY': {
      const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\s]+)/.exec(text.slice(start))?.[0] ?? '';
      return { message: `the key ${short(key)} stands here a second time; keep one of the two`, start, end };
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return explainKey(text, error, all);
    case 'MISSING_CHAR':
      if (isOpenQuote(error)) return openQuote(text, start) ?? fallback(error);
      if (/^Implicit map keys/.test(error.message)) return explainKey(text, error, all);
      if (/^Comments/.test(error.message)) return trouble('expected a space before the # of a comment', start);
      return openBracket(text, start) ?? fallback(error);
    case 'BAD_INDENT':
      if (/^Flow/.test(error.message)) return openBracket(text, start) ?? fallback(error);
      return trouble(
        'this line begins in another column than the keys beside it; indent all keys of a map alike',
        start,
      );
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
      return trouble(needsQuotes(restOfLine(text, start)), start);
    case 'BAD_DQ_ESCAPE': {
      const escape = /\\.?/.exec(text.slice(start))?.[0] ?? '\\';
      const next = 'put the text in single quotes, or write / between folders';
      return { message: `in double quotes a backslash begins an escape, and ${escape} is none; ${next}`, start, end };
    }
    case 'TAG_RESOLVE_FAILED':
      return { message: `the tag ${short(text.slice(start, end))} is not known here; delete it`, start, end };
    case 'UNEXPECTED_TOKEN':
      return explainToken(text, error) ?? fallback(error);
    default:
      return fallback(error);
  }
}

/** A line that is taken for a key and is none: a colon in a value, a deeper line under a value, no colon at all. */
function explainKey(text: string, { pos: [start], code }: YAMLError, all: readonly YAMLError[]): YamlTrouble {
  const line = lineAt(text, start);
  const runsOn = all.some((other) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === start);
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && runsOn) {
    const next = /\S/.exec(text.slice(line.end))?.index;
    if (next !== undefined) {
      const message =
        'this line is indented deeper than the one above it, which has its value already; let both begin in one column';
      return trouble(message, line.end + next);
    }
  }
  const [, key, value] = /^\s*(?:- )?([^:]+?)\s*:\s+(\S.*)$/.exec(line.text) ?? [];
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && key !== undefined) {
    const plain = withoutComment(value);
    const at = line.start + line.text.lastIndexOf(value);
    if (/^"|^'/.test(plain)) return trouble(afterQuote(plain), at);
    if (!plain.includes(': ')) return trouble(needsQuotes(plain), at);
    const message = `the value of ${short(key)} holds a colon; put it in quotes (${key}: ${quoted(plain)})`;
    return { message, start: at, end: at + plain.length };
  }
  const first = line.start + (/\S/.exec(line.text)?.index ?? 0);
  const message = explainLine(line.text) ?? `expected key: value, received ${short(line.text.trim())}`;
  return trouble(message, first);
}

/** Something where the parser expected nothing more: behind a quote or bracket, or a line that fits none above it. */
function explainToken(text: string, { pos: [start], message }: YAMLError): YamlTrouble | undefined {
  const line = lineAt(text, start);
  const before = text.slice(line.start, start);
  if (/block-seq-ind on same line/.test(message)) {
    return trouble('a list begins on a line of its own, or is written in brackets, as in [a, b]', start);
  }
  if (/^Block scalar header/.test(message)) {
    const at = line.start + Math.max(0, before.search(/[|>][^|>]*$/));
    return trouble(needsQuotes(restOfLine(text, at)), at);
  }
  const quote = lastQuote(text, start);
  if (quote?.token.includes('\n')) return unclosed(quote.token[0], quote.start);
  if (before.trim() === '') {
    const wanted = 'begin all keys of a map in one column, and all items of a list with -';
    return trouble(`this line does not go with those above it; ${wanted}`, start);
  }
  if (/at node end$/.test(message)) return trouble(afterQuote(restOfLine(text, start)), start);
  return /[}\]]/.test(text[start] ?? '')
    ? trouble(`there is no bracket that this ${text[start]} closes`, start)
    : undefined;
}

function afterQuote(rest: string): string {
  return `expected nothing behind the closing quote or bracket, received ${short(rest)}; put the whole value in quotes`;
}

/** The parser's message alone says neither what was expected nor what to do. */
function fallback({ message, pos: [start, end] }: YAMLError): YamlTrouble {
  const next = 'expected lines of key: value, indented with spaces, every [, { and quote closed';
  return { message: `this is not YAML: ${message.replace(/\.$/, '')}; ${next}`, start, end };
}

function openQuote(text: string, before: number): YamlTrouble | undefined {
  const quote = lastQuote(text, before);
  return quote && unclosed(quote.token[0], quote.start);
}

function unclosed(mark: string, start: number): YamlTrouble {
  const pairs: Readonly<Record<string, string>> = { '[': ']', '{': '}' };
  return trouble(`the ${mark} that opens here is not closed; add a ${pairs[mark] ?? mark} where the value ends`, start);
}

/** The last quoted token that begins before an offset. */
function lastQuote(text: string, before: number): { readonly token: string; readonly start: number } | undefined {
  return tokens(text, before).findLast(({ token }) => /^["']/.test(token));
}

/** The innermost bracket that is open at an offset. */
function openBracket(text: string, before: number): YamlTrouble | undefined {
  const open: { readonly token: string; readonly start: number }[] = [];
  for (const { token, start } of tokens(text, before)) {
    if (token === '[' || token === '{') open.push({ token, start });
    if ((token === ']' && open.at(-1)?.token === '[') || (token === '}' && open.at(-1)?.token === '{')) open.pop();
  }
  const last = open.at(-1);
  return last && unclosed(last.token, last.start);
}

/** What the tokeniser makes of the text before an offset, scalars without quotes left out. */
function tokens(text: string, before: number): { readonly token: string; readonly start: number }[] {
  const found: { token: string; start: number }[] = [];
  let start = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (start >= before) break;
    if (token === '\u0002' || token === '\u0018') continue;
    if (token === '\u001f') {
      isScalar = true;
      continue;
    }
    if (!isScalar) found.push({ token, start });
    isScalar = false;
    start += token.length;
  }
  return found;
}

function needsQuotes(value: string): string {
  const plain = withoutComment(value);
  return `a value that begins with ${plain[0] ?? 'this'} needs quotes (${quoted(plain)})`;
}

function quoted(value: string): string {
  const text = value.length > 60 ? `${value.slice(0, 57)}…` : value;
  return value.includes('"') || value.includes('\\') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function withoutComment(value: string): string {
  return value.replace(/\s+#.*$/, '').trimEnd();
}

function restOfLine(text: string, start: number): string {
  return lineAt(text, start)
    .text.slice(start - lineAt(text, start).start)
    .trimEnd();
}

/** The line around an offset; `end` is where the next begins. */
function lineAt(text: string, offset: number): { readonly text: string; readonly start: number; readonly end: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const feed = text.indexOf('\n', start);
  const end = feed < 0 ? text.length : feed + 1;
  return { text: text.slice(start, feed < 0 ? undefined : feed).replace(/\r$/, ''), start, end };
}

function trouble(message: string, start: number): YamlTrouble {
  return { message, start, end: start + 1 };
}

function span([start, end]: readonly number[]): { readonly start: number; readonly end: number } {
  return { start, end };
}
