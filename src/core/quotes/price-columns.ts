import { glanceAtNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { isNumeric, isWrittenTime } from './column-content.ts';
import { hasRole, plainName } from './column-names.ts';
import { findRole, type HeaderCell, priceOf, type PriceRole, priceRoles } from './header.ts';

/** Prices found by their names. */
export interface PriceColumns {
  readonly prices: Readonly<Partial<Record<PriceRole, number>>>;
  /** What stands beside the names of these prices (`bid`, `AAPL`); '' where nothing does. */
  readonly affix: string;
  /** The affix is the name of an instrument. */
  readonly isInstrument: boolean;
  /** The close is adjusted for dividends and splits. */
  readonly isAdjusted: boolean;
  /** The close is the only column of numbers there is. */
  readonly isOnly: boolean;
  /** Instruments whose prices stand beside each other, where there are several; then none is taken. */
  readonly instruments: readonly string[];
  /** Columns that share a name that one of the prices has, and differ. */
  readonly doubles: readonly { readonly role: PriceRole; readonly columns: readonly number[] }[];
}

const sides = ['mid', 'bid', 'ask', 'offer'];
const adjusted = /^(?:adjusted|adj)(.+)$|^(.+?)(?:adjusted|adj)$/;
const noInstrument =
  /^(?:price|px|prc|value|adj|adjusted|usdt?|eur|gbp|jpy|btc|trade|kline|candle|bar|daily|raw|spot|obs|\d+(?:s|m|min|h|d|w))$/i;
/** Beside `open` or `close` these make something else. */
const otherThings =
  /time|date|stamp|interest|change|chg|pct|percent|prev|previous|return|ma\d*$|volume|vol$|week|year|52/i;

/**
 * Finds the prices by their names: plain ones, then adjusted ones, then those of the middle, the bid or the ask, then
 * those with the name of an instrument beside them; then the only column of numbers.
 *
 * @param wanted the instrument, where data.symbol names one
 * @param close the column of the close, where data.columns names one
 */
export function findPrices(
  table: RawTable,
  header: readonly HeaderCell[],
  wanted: string | null,
  close?: number,
): PriceColumns {
  const numeric = header.filter(({ index }) => isNumeric(table.columns[index]) && !isWrittenTime(table.columns[index]));
  const none: PriceColumns = {
    ...{ prices: {}, affix: '', isInstrument: false, isAdjusted: false, isOnly: false, instruments: [], doubles: [] },
  };
  const plain = pick(table, header);
  if (close !== undefined) return { ...none, ...plain, prices: beside(table, header, plain.prices, close) };
  if (plain.prices.close !== undefined || plain.doubles.length > 0) return { ...none, ...plain };

  const adjustedCells = header.flatMap((cell) => {
    const rest = adjustedName(cell.plain);
    return rest === undefined ? [] : [{ ...cell, plain: rest }];
  });
  const adjustedPrices = pick(table, adjustedCells);
  if (adjustedPrices.prices.close !== undefined) {
    const complete = priceRoles.every((role) => adjustedPrices.prices[role] !== undefined);
    const { open, high, low } = plain.prices;
    const others = complete ? {} : { open, high, low };
    return { ...none, ...adjustedPrices, prices: defined({ ...adjustedPrices.prices, ...others }), isAdjusted: true };
  }

  for (const side of sides) {
    const found = pick(table, sideCells(numeric, side));
    if (found.prices.close !== undefined) return { ...none, ...found, affix: side };
  }

  const groups = [...affixGroups(numeric)].filter(([, cells]) => findRole(cells, 'close').length > 0);
  const named = groups.filter(([affix]) => !noInstrument.test(affix));
  const group =
    groups.length === 1
      ? groups[0]
      : groups.find(([affix]) => wanted !== null && plainName(affix) === plainName(wanted));
  if (group) {
    return { ...none, ...pick(table, group[1]), affix: group[0], isInstrument: named.includes(group) };
  }
  if (groups.length > 1) return { ...none, instruments: groups.map(([affix]) => affix) };

  const candidates = numeric.filter(({ plain: name, index }) => !isAside(name) && !isIndexColumn(name, index));
  return candidates.length === 1 ? { ...none, prices: { close: candidates[0].index }, isOnly: true } : none;
}

/** Open, high and low for a close that data.columns names: those named alike, else the plain ones. */
function beside(
  table: RawTable,
  header: readonly HeaderCell[],
  plain: PriceColumns['prices'],
  close: number,
): PriceColumns['prices'] {
  const name = table.names?.[close] ?? '';
  const cell = { index: close, name, plain: plainName(name), unit: '' };
  const groups = [
    ...sides.map((side) => sideCells([...header, cell], side)),
    ...affixGroups([...header, cell]).values(),
  ];
  const own = groups.find((cells) => cells.length > 1 && cells.some(({ index }) => index === close));
  return { ...(own ? pick(table, own).prices : plain), close };
}

/** The name without the word that says it is adjusted for dividends and splits; undefined where it says no such thing. */
export function adjustedName(plain: string): string | undefined {
  const match = adjusted.exec(plain);
  const rest = match?.[1] ?? match?.[2];
  return rest !== undefined && priceOf(rest) !== undefined ? rest : undefined;
}

/** Whether a name is that of a price, alone or beside a word: the ask, an adjusted close. */
export function isPriceName({ name, plain }: HeaderCell): boolean {
  // Beside a close these are as a rule money traded.
  if (/^(?:value|val|wert|valor|valeur|waarde)$/.test(plain)) return false;
  if (priceOf(plain) !== undefined || adjustedName(plain) !== undefined) return true;
  return sides.some((side) => sideCells([{ index: 0, name, plain, unit: '' }], side).length > 0);
}

function pick(table: RawTable, cells: readonly HeaderCell[]): Pick<PriceColumns, 'prices' | 'doubles'> {
  const prices: Partial<Record<PriceRole, number>> = {};
  const doubles: { role: PriceRole; columns: readonly number[] }[] = [];
  for (const role of priceRoles) {
    const numeric = findRole(
      cells.filter(({ index }) => isNumeric(table.columns[index])),
      role,
    );
    const found = numeric.length > 0 ? numeric : findRole(cells, role);
    if (found.length === 0) continue;
    const columns = found.map(({ index }) => index);
    if (columns.every((column) => isSame(table, columns[0], column))) prices[role] = columns[0];
    else doubles.push({ role, columns });
  }
  return { prices, doubles };
}

/** Columns that have the side of the market in their names, with what is left of the name. */
function sideCells(cells: readonly HeaderCell[], side: string): HeaderCell[] {
  return cells.flatMap((cell) => {
    const rest = cell.plain.startsWith(side)
      ? cell.plain.slice(side.length)
      : cell.plain.endsWith(side)
        ? cell.plain.slice(0, -side.length)
        : '';
    return rest !== '' && priceOf(rest) !== undefined ? [{ ...cell, plain: rest }] : [];
  });
}

/** Columns by what stands before or behind a word for a price: `AAPL.Open`, `Close_AAPL`, `BTC close`, `open_usd`. */
function affixGroups(cells: readonly HeaderCell[]): Map<string, HeaderCell[]> {
  const groups = new Map<string, HeaderCell[]>();
  for (const cell of cells) {
    const tokens = cell.name.trim().split(/[\s_.:|/-]+/);
    if (tokens.length < 2) continue;
    for (const [word, rest] of [
      [tokens[tokens.length - 1], cell.name.trim().slice(0, -tokens[tokens.length - 1].length)],
      [tokens[0], cell.name.trim().slice(tokens[0].length)],
    ]) {
      const plain = plainName(word);
      if (plain.length < 3 || priceOf(plain) === undefined || otherThings.test(rest)) continue;
      const affix = rest.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
      if (affix === '') continue;
      groups.set(affix, [...(groups.get(affix) ?? []), { ...cell, plain }]);
      break;
    }
  }
  return groups;
}

/** Columns that stand beside prices and are none. */
function isAside(plain: string): boolean {
  return hasRole(plain, 'volume') || plain.startsWith('volume') || /change|pct|percent|openint|interest/.test(plain);
}

function isIndexColumn(plain: string, index: number): boolean {
  return hasRole(plain, 'counter') || (plain === '' && index === 0);
}

function isSame(table: RawTable, a: number, b: number): boolean {
  if (a === b) return true;
  const [left, right] = glanceAtNumbers(table, [a, b]);
  return left.every((value, row) => Object.is(value, right[row]));
}

function defined<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined));
}
