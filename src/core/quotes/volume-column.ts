import type { RawTable } from '#core/table/table.ts';
import { isNumeric, isZero } from './column-content.ts';
import { columnLabel, quote } from './column-mapping.ts';
import { hasRole, namesOf } from './column-names.ts';
import type { HeaderCell } from './header.ts';

interface VolumeColumn {
  readonly index: number;
  readonly notes: readonly string[];
}

const moneys = new Set(
  (
    'usd usdt usdc busd fdusd tusd dai eur gbp jpy krw cny cnh rmb try brl aud cad chf inr rub hkd sgd sek nok pln zar ' +
    'mxn quote currency fiat money to $ € £ ¥'
  ).split(' '),
);
/** Behind `Volume`, these make a figure derived from it. */
const derived =
  /^(?:ma|sma|ema|wma|avg|average|mean|change|chg|pct|ratio|weighted|adj|adjusted|delta|z|zscore|std)\d*$/;

/**
 * Finds the volume: by the preferred name, one counted in the instrument before one counted in money (`Volume USD`),
 * and one that is not 0 throughout before one that is.
 *
 * @param symbol as the file has it (`XYZ/USD`), whose first part is what the instrument is counted in
 */
export function findVolume(
  table: RawTable,
  header: readonly HeaderCell[],
  symbol: string | null,
): VolumeColumn | undefined {
  const numeric = header.filter(({ index }) => isNumeric(table.columns[index]));
  // A volume that is blank or unreadable throughout is still the volume: its cells are counted as missing.
  const named = numeric.some((cell) => rankOf(cell, symbol) !== undefined) ? numeric : header;
  const candidates = named
    .flatMap((cell) => {
      const rank = rankOf(cell, symbol);
      return rank === undefined ? [] : [{ cell, rank }];
    })
    .sort((a, b) => a.rank - b.rank || a.cell.index - b.cell.index)
    .map(({ cell }) => cell);
  if (candidates.length === 0) return undefined;
  const empty = (cell: HeaderCell): boolean => isZero(table, cell.index);
  const best = candidates.length === 1 ? candidates[0] : (candidates.find((cell) => !empty(cell)) ?? candidates[0]);
  const others = candidates.filter((cell) => cell !== best);
  const label = ({ index }: HeaderCell): string => quote(columnLabel(table, index));
  const notes =
    others.length === 0
      ? []
      : [`volume is ${label(best)}, not ${others.map(label).join(', ')}${why(best, candidates)}`];
  if (isMoney(best)) notes.push(`${quote(best.name)} is counted in money: no column counts the instrument itself`);
  return { index: best.index, notes };
}

/** Lower is better; undefined where the name is none of a volume. */
function rankOf(cell: HeaderCell, symbol: string | null): number | undefined {
  const names = namesOf('volume');
  const suffix = suffixOf(cell);
  if (suffix === undefined) return undefined;
  const base = symbol?.split(/[^A-Za-z0-9]/)[0].toLowerCase();
  if (suffix !== '' && suffix === base) return 0.5;
  if (isMoney(cell)) return names.length + 1;
  return suffix === '' ? names.indexOf(cell.plain) : 0.7;
}

/** What a volume is counted in, '' where its name does not say; undefined where it is no volume. */
function suffixOf({ plain, name, unit }: HeaderCell): string | undefined {
  if (hasRole(plain, 'volume')) return unit.toLowerCase();
  const word = /^\s*(?:volume|vol)[\s_.:-]+([\p{L}\p{N}$€£¥]{1,8})\s*$/iu.exec(name)?.[1].toLowerCase();
  return word === undefined || derived.test(word) ? undefined : word;
}

function isMoney(cell: HeaderCell): boolean {
  if (/quote|turnover|umsatz|volumeto|额|額|대금|代金/.test(cell.plain)) return true;
  return moneys.has(suffixOf(cell) ?? '');
}

function why(best: HeaderCell, candidates: readonly HeaderCell[]): string {
  if (candidates[0] !== best) return `: ${quote(candidates[0].name)} is 0 throughout`;
  return candidates.some(isMoney) && !isMoney(best) ? ': counted in the instrument, not in money' : '';
}
