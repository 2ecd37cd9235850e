/** The values that a text of JSON holds. */
interface JsonValues {
  /** One, or several that stand one after another. */
  readonly values: readonly unknown[];
  /** How many NaN and Infinity were read as missing. */
  readonly missing: number;
}

/** Values that stand one after another on a line each are read as lines, without this limit. */
const maxValues = 1_000_000;

/** A text that is no JSON, and where; the message is what of it is wrong, behind a name. */
export class JsonTextError extends Error {
  /** 1-based. */
  readonly line: number;
  /** 1-based, where it is known. */
  readonly column: number | undefined;

  constructor(line: number, column: number | undefined, cause: unknown, what = 'is no JSON') {
    super(what, { cause });
    this.line = line;
    this.column = column;
  }
}

/**
 * Parses JSON as programs write it: also several values after one another (JSON lines, files appended to), and the NaN,
 * Infinity and -Infinity of Python, which become empty texts outside of strings and stay what they are inside.
 * @throws JsonTextError
 */
export function parseJsonText(text: string): JsonValues {
  try {
    return { values: [JSON.parse(text) as unknown], missing: 0 };
  } catch (cause) {
    const { pieces, missing } = split(text);
    if (pieces.length === 1 && missing === 0) throw errorAt(text, 0, cause);
    return { values: pieces.map(([start, piece]) => parsePiece(text, start, piece)), missing };
  }
}

function parsePiece(text: string, start: number, piece: string): unknown {
  try {
    return JSON.parse(piece) as unknown;
  } catch (cause) {
    throw errorAt(text, start, cause);
  }
}

/** The parser says a place for some errors only: for the others the first word that JSON does not have is looked for. */
function errorAt(text: string, start: number, cause: unknown): JsonTextError {
  const { message } = cause as Error;
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line !== undefined) return new JsonTextError(countLines(text, start) + Number(line), Number(column), cause);
  const at = message.includes('end of JSON') ? text.trimEnd().length : findStranger(text, start);
  if (at === undefined) return new JsonTextError(countLines(text, start) + 1, undefined, cause);
  return new JsonTextError(countLines(text, at) + 1, at - text.lastIndexOf('\n', at - 1), cause);
}

/** Index of the first word outside of strings that is none of JSON, or of the first comma before nothing. */
function findStranger(text: string, start: number): number | undefined {
  const marks = /"|,(?=\s*[\]},])|[^\s[\]{},:"\d.eE+-][^\s[\]{},:"]*/g;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (!/^(?:true|false|null|-?NaN|-?Infinity)$/.test(mark[0])) return mark.index;
  }
  return undefined;
}

function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * Cuts a text behind each value that stands by itself, with what is no JSON number replaced by an empty text of the same
 * length, so that places in messages stay true.
 */
function split(text: string): { readonly pieces: readonly (readonly [number, string])[]; readonly missing: number } {
  const pieces: (readonly [number, string])[] = [];
  let parts: string[] = [];
  let [start, done, depth, missing] = [0, 0, 0, 0];
  const marks = /["[\]{}]|-?(?:NaN|Infinity)/g;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const sign = mark[0];
    if (sign === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') {
      if (--depth > 0) continue;
      const end = mark.index + 1;
      pieces.push([start, parts.join('') + text.slice(done, end)]);
      if (pieces.length > maxValues) {
        const what = `holds more than ${maxValues} values one after another`;
        throw new JsonTextError(countLines(text, end) + 1, undefined, undefined, what);
      }
      [parts, start, done, depth] = [[], end, end, 0];
    } else {
      parts.push(text.slice(done, mark.index), '""'.padEnd(sign.length));
      done = mark.index + sign.length;
      missing++;
    }
  }
  const rest = parts.join('') + text.slice(done);
  if (rest.trim() !== '' || pieces.length === 0) pieces.push([start, rest]);
  return { pieces, missing };
}

/** Index behind the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = at;
    while (text[slashes - 1] === '\\') slashes--;
    if ((at - slashes) % 2 === 0) return at + 1;
  }
  return text.length;
}
