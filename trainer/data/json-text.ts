/** The values that a text of JSON holds. */
interface JsonValues {
  /** One, or several that stand one after another. */
  readonly values: readonly unknown[];
  /** How many NaN and Infinity were read as missing. */
  readonly missing: number;
}

/** A text that is no JSON, and where. */
export class JsonTextError extends Error {
  /** 1-based. */
  readonly line: number;
  /** 1-based, where it is known. */
  readonly column: number | undefined;

  constructor(line: number, column: number | undefined, cause: unknown) {
    super('no JSON', { cause });
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

function errorAt(text: string, start: number, cause: unknown): JsonTextError {
  const [, line, column] = /line (\d+) column (\d+)/.exec((cause as Error).message) ?? [];
  const before = countLines(text, start);
  // Without a place in its words the parser came to the end.
  if (line === undefined) return new JsonTextError(countLines(text.trimEnd(), Infinity) + 1, undefined, cause);
  return new JsonTextError(before + Number(line), Number(column), cause);
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
