/** A piece of a filter's text. */
export interface FilterToken {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end';
  /** Of a quoted one what stands between the quotes; of a sign that means another, that one. */
  readonly text: string;
  /** Where it begins, and the first place behind it, from 0. */
  readonly at: number;
  readonly end: number;
}

/** Two signs for one thing: what a reader of the language sees, and what others write. */
const same: Readonly<Record<string, string>> = {
  '==': '=',
  '≠': '!=',
  '<>': '!=',
  '≤': '<=',
  '≥': '>=',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
};

const space = /\s+/y;
const quoted = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y;
/** Before words, whose characters some of it has. */
const time = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?/y;
const sign = /\.\.|==|!=|<>|<=|>=|!~|&&|\|\||[=<>~:(),!≠≤≥]/y;
const word = /(?:(?!\.\.)[^\s"=<>~:(),!≠≤≥&|])+/y;

/**
 * The pieces of a filter, the last of kind `end`. An open quote ends with the text; a character that belongs to nothing is
 * a sign of its own, which no rule takes.
 */
export function readTokens(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const gap = take(space);
    if (gap !== null) {
      at += gap[0].length;
      continue;
    }
    const token = readToken(text, at, take);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', at: text.length, end: text.length, text: '' }];
}

function readToken(text: string, at: number, take: (pattern: RegExp) => RegExpExecArray | null): FilterToken {
  const [first] = text.slice(at);
  if (first === '"' || first === "'") {
    const whole = take(quoted);
    const raw = whole === null ? text.slice(at + 1) : (whole[1] ?? whole[2]);
    const end = whole === null ? text.length : at + whole[0].length;
    return { kind: 'quoted', at, end, text: raw.replaceAll(/\\(.)/gs, '$1') };
  }
  const known = take(time) === null ? take(sign)?.[0] : undefined;
  if (known !== undefined) {
    const meant = same[known] ?? known;
    return { kind: /^[a-z]/.test(meant) ? 'word' : 'sign', at, end: at + known.length, text: meant };
  }
  const plain = take(time)?.[0] ?? take(word)?.[0] ?? first;
  return { kind: 'word', at, end: at + plain.length, text: plain };
}
