import { Lexer } from 'yaml';
import { maxDepth } from './document.ts';

/** A finding in YAML text; line and column count from 1, offsets from 0 in UTF-16 units. */
export interface YamlIssue {
  readonly code: 'too_large' | 'too_deep' | 'yaml_syntax';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** Longest YAML text that is read, in UTF-16 units. */
const maxYamlLength = 1_000_000;

/**
 * Most tokens that are read; a configuration with every indicator on ten timeframes has some four thousand. A parser
 * spends up to 40 µs on each, and its search for doubled keys is quadratic: a megabyte would hold up everybody else.
 */
const maxYamlTokens = 20_000;

/**
 * Refuses text that is too long, has too many tokens or is nested too deeply BEFORE a parser sees it: parsers recurse,
 * and a thousand open brackets have ended a process that no catch could save (FORMATS.md#yaml-from-strangers). Runs the
 * tokeniser only, which does not recurse, takes time linear in the text, and so agrees with the parser on what is a
 * bracket and what is inside quotes.
 */
export function scanYaml(text: string): YamlIssue | undefined {
  if (text.length > maxYamlLength) {
    const message = `expected at most ${maxYamlLength} characters of YAML, received ${text.length}`;
    return { code: 'too_large', message, line: 1, column: 1, start: 0, end: 0 };
  }
  let offset = 0;
  let tokens = 0;
  let line = 1;
  let lineStart = 0;
  let flow = 0;
  let isContent = false;
  /** Whether the next token may begin a block: the first of a line, or after `-`, `?`, `:`, an anchor or a tag. */
  let opens = true;
  /** Columns at which the open blocks began, ascending. */
  const blocks: number[] = [];
  for (const token of new Lexer().lex(text)) {
    // Marks of the tokeniser that stand for no characters: document start, flow error, scalar follows.
    if (token === '\u0002' || token === '\u0018') continue;
    if (token === '\u001f') {
      isContent = true;
      continue;
    }
    if (++tokens > maxYamlTokens) {
      const message = `expected at most ${maxYamlTokens} words and marks of YAML, received more`;
      return { code: 'too_large', message, line, column: offset - lineStart + 1, start: offset, end: offset };
    }
    const column = offset - lineStart;
    const isSpace = /^[\s\ufeff]*$/.test(token);
    if (opens && flow === 0 && !isSpace) {
      while (blocks.length > 0 && blocks[blocks.length - 1] >= column) blocks.pop();
      blocks.push(column);
    }
    if (!isSpace) opens = !isContent && /^([-?:]$|[&!])/.test(token);
    if (!isContent && (token === '[' || token === '{')) flow++;
    if (!isContent && (token === ']' || token === '}') && flow > 0) flow--;
    if (flow + blocks.length > maxDepth) {
      const message = `expected at most ${maxDepth} levels of nesting, received more`;
      return { code: 'too_deep', message, line, column: column + 1, start: offset, end: offset + 1 };
    }
    isContent = false;
    offset += token.length;
    for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) {
      line++;
      lineStart = offset - token.length + at + 1;
      opens = true;
    }
  }
  return undefined;
}
