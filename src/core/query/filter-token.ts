/** A piece of a filter's text, and where it begins, from 0. */
export type FilterToken = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'word' }
  /** `text` is what stands between the quotes. */
  | { readonly kind: 'quoted'; readonly end: number }
  | { readonly kind: 'sign' }
  | { readonly kind: 'end' }
);

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
    const found = readToken(text, at, take);
    tokens.push(found.token);
    at += found.length;
  }
  return [...tokens, { kind: 'end', at: text.length, text: '' }];
}

function readToken(
  text: string,
  at: number,
  take: (pattern: RegExp) => RegExpExecArray | null,
): { readonly token: FilterToken; readonly length: number } {
  const [first] = text.slice(at);
  if (first === '"' || first === "'") {
    const whole = take(quoted);
    const raw = whole === null ? text.slice(at + 1) : (whole[1] ?? whole[2]);
    const length = whole === null ? text.length - at : whole[0].length;
    return { token: { kind: 'quoted', at, text: raw.replaceAll(/\\(.)/gs, '$1'), end: at + length }, length };
  }
  const written = take(time)?.[0];
  if (written !== undefined) return { token: { kind: 'word', at, text: written }, length: written.length };
  const known = take(sign)?.[0];
  if (known !== undefined) {
    const meant = same[known] ?? known;
    const kind = /^[a-z]/.test(meant) ? 'word' : 'sign';
    return { token: { kind, at, text: meant }, length: known.length };
  }
  const plain = take(word)?.[0] ?? first;
  return { token: { kind: 'word', at, text: plain }, length: plain.length };
}
