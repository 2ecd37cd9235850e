import type { KnownColumn } from '#core/api/run-table.ts';
import { type FilterToken, readTokens } from '#core/query/filter-token.ts';
import { formatCount, formatNumber } from '#lib/ui/format.ts';

/** What may stand at a place of a filter. */
interface FilterOption {
  /** What is written there. */
  readonly text: string;
  /** Beside it, in small letters. */
  readonly detail: string;
  readonly kind: 'column' | 'sign' | 'value' | 'word';
}

export interface FilterCompletion {
  /** Where the piece begins that an option takes the place of. */
  readonly from: number;
  readonly options: readonly FilterOption[];
}

type Part = 'condition' | 'sign' | 'value' | 'join';

const signs = new Set(['=', '!=', '<', '<=', '>', '>=', '~', '!~', ':', '..']);
const isWord = (token: FilterToken | undefined, ...words: readonly string[]) =>
  token?.kind === 'word' && words.includes(token.text.toLowerCase());
const isSign = (token: FilterToken | undefined, text: string) => token?.kind === 'sign' && token.text === text;

/** What may be written at `at` in a filter, from the columns there are and the values they have. */
export function completeFilter(text: string, at: number, columns: readonly KnownColumn[]): FilterCompletion {
  const tokens = readTokens(text.slice(0, at)).slice(0, -1);
  const last = tokens.at(-1);
  const isTyped =
    last !== undefined &&
    last.kind !== 'sign' &&
    last.at + last.text.length >= at - 1 &&
    !/\s$/.test(text.slice(0, at));
  const before = isTyped ? tokens.slice(0, -1) : tokens;
  const from = isTyped ? last.at : at;
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const { part, column } = placeBehind(before, byKey);
  switch (part) {
    case 'condition':
      return { from, options: [...columns.map(columnOption), wordOption('not', 'turns what follows round')] };
    case 'sign':
      return { from, options: column === undefined ? [] : signOptions(column) };
    case 'value':
      return { from, options: column === undefined ? [] : valueOptions(column) };
    case 'join':
      return { from, options: [wordOption('and', 'both'), wordOption('or', 'one of the two')] };
  }
}

/** What is awaited behind some tokens, and of which column. */
function placeBehind(
  tokens: readonly FilterToken[],
  columns: ReadonlyMap<string, KnownColumn>,
): { readonly part: Part; readonly column?: KnownColumn } {
  const last = tokens.at(-1);
  if (last === undefined || isWord(last, 'and', 'or')) return { part: 'condition' };
  // A bracket or a comma within a list awaits a value, one before a condition a column.
  const list = openList(tokens);
  if (list !== null) {
    if (isSign(last, '(') || isSign(last, ',') || isSign(last, '..'))
      return { part: 'value', column: columns.get(list) };
    return { part: 'join' };
  }
  if (isSign(last, '(')) return { part: 'condition' };
  if (isWord(last, 'not')) return isColumn(tokens.at(-2), columns) ? { part: 'sign' } : { part: 'condition' };
  if (last.kind === 'sign' && signs.has(last.text)) return { part: 'value', column: columnBefore(tokens, columns) };
  if (isWord(last, 'in', 'is')) return { part: 'value', column: columnBefore(tokens, columns) };
  const behindSign = tokens.at(-2)?.kind === 'sign' && signs.has(tokens.at(-2)?.text ?? '');
  const column = behindSign ? undefined : columns.get(last.text);
  return column === undefined ? { part: 'join' } : { part: 'sign', column };
}

function isColumn(token: FilterToken | undefined, columns: ReadonlyMap<string, KnownColumn>): boolean {
  return token !== undefined && token.kind !== 'sign' && columns.has(token.text);
}

function columnBefore(
  tokens: readonly FilterToken[],
  columns: ReadonlyMap<string, KnownColumn>,
): KnownColumn | undefined {
  const token = tokens.slice(0, -1).findLast((one) => isColumn(one, columns));
  return token && columns.get(token.text);
}

/** Column of the list `in (…` that the tokens leave open; null where there is none. */
function openList(tokens: readonly FilterToken[]): string | null {
  const at = tokens.findLastIndex((token) => isSign(token, '(') || isSign(token, ')'));
  if (at < 0 || isSign(tokens[at], ')') || !isWord(tokens[at - 1], 'in')) return null;
  const column = isWord(tokens[at - 2], 'not') ? tokens[at - 3] : tokens[at - 2];
  return column?.text ?? null;
}

function columnOption({ key, label, runs }: KnownColumn): FilterOption {
  const called = label === key ? '' : `${label} · `;
  return { text: /^[\w.-]+$/.test(key) ? key : `"${key}"`, detail: `${called}${formatCount(runs)}`, kind: 'column' };
}

function signOptions({ kind }: KnownColumn): readonly FilterOption[] {
  const sign = (text: string, detail: string): FilterOption => ({ text, detail, kind: 'sign' });
  const equal = [sign('=', 'is'), sign('!=', 'is not'), sign('in', 'one of, or a range')];
  switch (kind) {
    case 'number':
    case 'seconds':
    case 'date':
    case 'run':
      return [sign('>', 'more than'), sign('<', 'less than'), sign('>=', 'at least'), sign('<=', 'at most'), ...equal];
    case 'truth':
      return [sign('=', 'is'), wordOption('and', 'both'), wordOption('or', 'one of the two')];
    case 'text':
    case 'state':
    case 'tags':
    case 'mixed':
      return [...equal, sign('~', 'holds the text')];
  }
}

function valueOptions({ kind, values, range }: KnownColumn): readonly FilterOption[] {
  const value = (text: string, detail = ''): FilterOption => ({ text, detail, kind: 'value' });
  const known = values.map((text) => value(text));
  const none = value('none', 'has no value');
  if (kind === 'truth') return [value('true'), value('false')];
  if (kind === 'date') return [value('today'), value('-7d', 'since a week ago'), value('-30d'), ...known, none];
  if (range === null) return [...known, none];
  const ends = range.map((end, at) =>
    value(String(end), at === 0 ? `least, ${formatNumber(end)}` : `most, ${formatNumber(end)}`),
  );
  return [...known, ...ends.filter(({ text }) => !values.includes(text)), none];
}

function wordOption(text: string, detail: string): FilterOption {
  return { text, detail, kind: 'word' };
}
