import { didYouMean, nearest } from '#core/config/suggestion.ts';
import type { FilterColumn } from './filter-column.ts';
import { type FilterToken, readTokens } from './filter-token.ts';
import { expectedOf, rangeOf, readEqual, readSpan, sideOf, type Span } from './filter-value.ts';
import type { Filter, ValueTest } from './filter.ts';

/** What is wrong with a filter, and where: offsets from 0, the end not in it. */
export interface FilterFault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

interface ParsedFilter {
  /** null where there is a fault, and where the text asks nothing. */
  readonly filter: Filter | null;
  readonly fault: FilterFault | null;
}

/** The columns that a filter may name. */
type FindColumn = ReadonlyMap<string, FilterColumn>;

const signs = ['=', '!=', '<', '<=', '>', '>=', '~', '!~', ':'] as const;
type Sign = (typeof signs)[number];
const sides = ['<', '<=', '>', '>='] as const;
type Side = (typeof sides)[number];
/** The same, read from the other end: 0.5 < val.da. */
const turned: Readonly<Record<Side, Side>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

const deepest = 64;

/**
 * Reads a filter (HTTP.md#filters): `val.da > 0.52 and model.architecture in (tcn, mlp) and not tag:old`. Columns bear
 * their keys, `and` binds before `or`, and what stands side by side is joined by `and`; a word alone is looked for in the
 * texts of a run. Keywords and texts are of any case.
 *
 * @param now ms UTC; `today` and `-7d` are told from it.
 * @example
 * const columns = new Map([['val.da', { key: 'val.da', kind: 'number' } as const]]);
 * parseFilter('val.dda > 0.5', columns, 0).fault;
 * // { message: 'There is no column val.dda. Did you mean val.da?', from: 0, to: 7 }
 */
export function parseFilter(text: string, columns: FindColumn, now: number): ParsedFilter {
  const tokens = readTokens(text);
  if (tokens.length === 1) return { filter: null, fault: null };
  try {
    return { filter: new FilterParser(tokens, columns, now).read(), fault: null };
  } catch (error) {
    if (error instanceof Fault) return { filter: null, fault: error.fault };
    throw error;
  }
}

class Fault extends Error {
  readonly fault: FilterFault;
  constructor(message: string, { from, to }: { readonly from: number; readonly to: number }) {
    super(message);
    this.fault = { message, from, to };
  }
}

const placeOf = ({ at, end }: FilterToken) => ({ from: at, to: end });

class FilterParser {
  readonly #tokens: readonly FilterToken[];
  readonly #columns: FindColumn;
  readonly #now: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly FilterToken[], columns: FindColumn, now: number) {
    this.#tokens = tokens;
    this.#columns = columns;
    this.#now = now;
  }

  read(): Filter {
    const filter = this.#readAny();
    const left = this.#next();
    if (left.kind === 'end') return filter;
    throw new Fault(
      left.text === ')' ? 'This ) closes nothing.' : `Expected and, or, or the end, received ${left.text}.`,
      placeOf(left),
    );
  }

  #readAny(): Filter {
    const parts = [this.#readAll()];
    while (this.#takeWord('or')) parts.push(this.#readAll());
    return parts.length === 1 ? parts[0] : { kind: 'any', parts };
  }

  #readAll(): Filter {
    const parts = [this.#readNot()];
    while (this.#takeWord('and') || this.#isBegun()) parts.push(this.#readNot());
    return parts.length === 1 ? parts[0] : { kind: 'all', parts };
  }

  #readNot(): Filter {
    const token = this.#next();
    if (++this.#depth > deepest) throw new Fault(`Nested deeper than ${deepest} levels.`, placeOf(token));
    try {
      if (this.#takeWord('not')) return { kind: 'not', part: this.#readNot() };
      if (!this.#takeSign('(')) return this.#readCondition();
      const inner = this.#readAny();
      if (!this.#takeSign(')')) throw new Fault('This ( is not closed.', placeOf(token));
      return inner;
    } finally {
      this.#depth--;
    }
  }

  /** `column sign value`, `value < column < value`, `column in …`, or a word by itself. */
  #readCondition(): Filter {
    const first = this.#next();
    if (first.kind === 'end') throw new Fault('Expected a condition, and the filter ends here.', placeOf(first));
    if (first.kind === 'sign' || this.#isKeyword(first))
      throw new Fault(`Expected a column or a word, received ${first.text}.`, placeOf(first));
    this.#at++;
    const sign = this.#takeSigns(signs);
    if (sign !== null) {
      if (isSide(sign) && !this.#columns.has(first.text) && this.#isColumn(this.#next()))
        return this.#readBetween(first, sign);
      return this.#readSign(this.#requireColumn(first), sign);
    }
    if (first.kind === 'word') {
      const isTurned = this.#isWord(this.#next(), 'not') && this.#isWord(this.#tokens[this.#at + 1], 'in');
      if (isTurned) this.#at++;
      if (this.#takeWord('in')) return turn(isTurned, this.#readIn(this.#requireColumn(first)));
      if (this.#takeWord('is')) {
        const isNot = this.#takeWord('not');
        return turn(isNot, this.#readSign(this.#requireColumn(first), '='));
      }
      if (this.#columns.get(first.text)?.kind === 'truth')
        return { kind: 'test', column: first.text, tests: [{ is: 'truth', value: true }] };
    }
    return { kind: 'word', text: first.text.toLowerCase() };
  }

  #readSign(column: FilterColumn, sign: Sign): Filter {
    if (sign === '!=') return turn(true, this.#readSign(column, '='));
    if (sign === '!~') return turn(true, this.#readSign(column, '~'));
    const value = this.#readValue(column);
    if (isSide(sign)) return this.#test(column, [sideOf(sign, this.#requireSpan(value, column))]);
    // Of words that are a list of their own, and of numbers, a part is not asked for.
    const isText = column.words === undefined && (column.kind === 'text' || column.kind === 'mixed');
    if (sign === '~' || (sign === ':' && column.kind === 'text' && isText)) {
      if (!isText && column.kind !== 'tags' && column.kind !== 'state')
        throw new Fault(`${column.key} has no text to look in: use = or in, < or >.`, placeOf(value));
      return this.#test(column, [{ is: 'part', text: value.text.toLowerCase() }]);
    }
    return this.#test(column, [this.#requireEqual(value, column)]);
  }

  /** `in (a, b)`, `in 0.5..0.6`, `in 0.5..`, `in ..0.6`. */
  #readIn(column: FilterColumn): Filter {
    const open = this.#next();
    if (this.#takeSign('(')) {
      const tests: ValueTest[] = [];
      do {
        if (this.#next().text === ')' && tests.length > 0) break;
        const value = this.#readValue(column);
        tests.push(this.#takeSign('..') ? this.#readRange(column, value) : this.#requireEqual(value, column));
      } while (this.#takeSign(','));
      if (!this.#takeSign(')')) throw new Fault('This ( is not closed.', placeOf(open));
      return this.#test(column, tests);
    }
    if (this.#takeSign('..')) return this.#test(column, [this.#readRange(column, null)]);
    const low = this.#readValue(column);
    if (!this.#takeSign('..'))
      throw new Fault('Expected a list in parentheses or a range, as in (tcn, mlp) or in 0.5..0.6.', placeOf(low));
    return this.#test(column, [this.#readRange(column, low)]);
  }

  /** Behind `..`; the upper end may be left out where there is a lower one. */
  #readRange(column: FilterColumn, low: FilterToken | null): ValueTest {
    const from = low === null ? null : this.#requireSpan(low, column);
    const next = this.#next();
    const isOpen = low !== null && (next.kind === 'end' || next.kind === 'sign' || this.#isKeyword(next));
    return rangeOf(from, isOpen ? null : this.#requireSpan(this.#readValue(column), column));
  }

  /** `0.5 <= val.da < 0.6`; `first` and the sign behind it are taken. */
  #readBetween(first: FilterToken, sign: Side): Filter {
    const column = this.#requireColumn(this.#next());
    this.#at++;
    const tests = [this.#test(column, [sideOf(turned[sign], this.#requireSpan(first, column))])];
    const second = this.#takeSigns(sides);
    if (second !== null)
      tests.push(this.#test(column, [sideOf(second, this.#requireSpan(this.#readValue(column), column))]));
    return tests.length === 1 ? tests[0] : { kind: 'all', parts: tests };
  }

  #test({ key }: FilterColumn, tests: readonly ValueTest[]): Filter {
    return { kind: 'test', column: key, tests };
  }

  #readValue(column: FilterColumn): FilterToken {
    const token = this.#next();
    if (token.kind === 'sign' || token.kind === 'end' || (this.#isKeyword(token) && token.kind === 'word'))
      throw new Fault(
        `Expected ${expectedOf(column)}, ${token.kind === 'end' ? 'and the filter ends here' : `received ${token.text}`}.`,
        placeOf(token),
      );
    this.#at++;
    return token;
  }

  #requireSpan(value: FilterToken, column: FilterColumn): Span {
    const span = readSpan(value.text, column.kind, this.#now);
    if (span !== null) return span;
    const hasNumbers = ['number', 'seconds', 'date', 'run', 'mixed'].includes(column.kind);
    throw new Fault(
      hasNumbers
        ? `${column.key}: expected ${expectedOf(column)}, received ${value.text}.`
        : `${column.key} has no order: use =, ~ or in (…).`,
      placeOf(value),
    );
  }

  #requireEqual(value: FilterToken, column: FilterColumn): ValueTest {
    const { test, meant } = readEqual(value.text, value.kind === 'quoted', column, this.#now);
    if (test !== null) return test;
    const hint = meant === undefined ? '' : didYouMean([meant]);
    throw new Fault(`${column.key}: expected ${expectedOf(column)}, received ${value.text}.${hint}`, placeOf(value));
  }

  #requireColumn(token: FilterToken): FilterColumn {
    const column = this.#columns.get(token.text);
    if (column !== undefined) return column;
    throw new Fault(
      `There is no column ${token.text}.${didYouMean(meantColumns(token.text, this.#columns))}`,
      placeOf(token),
    );
  }

  #isColumn(token: FilterToken): boolean {
    return token.kind === 'word' && this.#columns.has(token.text);
  }

  /** Whether another condition begins here. */
  #isBegun(): boolean {
    const token = this.#next();
    if (token.kind === 'sign') return token.text === '(';
    return token.kind !== 'end' && (!this.#isKeyword(token) || this.#isWord(token, 'not'));
  }

  #isKeyword(token: FilterToken): boolean {
    return token.kind === 'word' && /^(and|or|not|in|is)$/i.test(token.text);
  }

  #isWord(token: FilterToken | undefined, word: string): boolean {
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(this.#next(), word)) return false;
    this.#at++;
    return true;
  }

  #takeSign(sign: string): boolean {
    return this.#takeSigns([sign]) !== null;
  }

  #takeSigns<Known extends string>(known: readonly Known[]): Known | null {
    const token = this.#next();
    const sign = token.kind === 'sign' ? known.find((one) => one === token.text) : undefined;
    if (sign !== undefined) this.#at++;
    return sign ?? null;
  }

  #next(): FilterToken {
    return this.#tokens[this.#at];
  }
}

function isSide(sign: Sign): sign is Side {
  return (sides as readonly string[]).includes(sign);
}

function turn(isTurned: boolean, filter: Filter): Filter {
  return isTurned ? { kind: 'not', part: filter } : filter;
}

/** Columns that were probably meant: near in letters, or with this as their last part. */
export function meantColumns(word: string, columns: FindColumn): readonly string[] {
  const keys = [...columns.keys()];
  const last = keys.filter((key) => key.endsWith(`.${word.toLowerCase()}`));
  return [...new Set([...last, ...nearest(word, keys, 3)])].slice(0, 3);
}
