import { glanceAtNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { type ColumnMapping, quote, yamlText } from './column-mapping.ts';
import { hasRole, plainName, unitOf } from './column-names.ts';
import { findOrder } from './column-order.ts';
import { type HeaderCell, type PriceRole, priceRoles, readHeader } from './header.ts';
import { findInstrumentNames } from './instrument.ts';
import { adjustedName, findPrices, isPriceName, type PriceColumns } from './price-columns.ts';
import { findTime, isClosingTime, type TimeColumns } from './time-column.ts';
import { findVolume } from './volume-column.ts';

/** What could be found of a bar in a table, each as the index of a column. */
export interface ColumnParts extends Readonly<Partial<Record<PriceRole | 'volume', number>>> {
  readonly time?: TimeColumns;
  /** The column that `close` is the adjusted form of, where open, high and low are still to be adjusted by it. */
  readonly unadjustedClose?: number;
  /** Further columns that something is taken from: the instrument, an unadjusted close. */
  readonly beside: readonly number[];
  readonly symbol: string | null;
  readonly closeLabelled: boolean;
  readonly notes: readonly string[];
  /** Instruments whose prices stand beside each other, where none was chosen. */
  readonly instruments: readonly string[];
  readonly doubles: PriceColumns['doubles'];
  /** Why something could not be found, as a sentence without its end. */
  readonly doubt?: string;
}

/**
 * Finds the parts of a bar: what `mapping` says, then among the columns `within` what names or values say.
 * @param symbol the instrument that data.symbol names
 */
export function findParts(
  table: RawTable,
  mapping: ColumnMapping,
  within: readonly number[],
  symbol: string | null,
): ColumnParts {
  const { time, ...prices } = mapping;
  const mapped = new Set([...(time ?? []), ...Object.values(prices)]);
  const taken = new Set([...table.columns.keys()].filter((index) => mapped.has(index) || !within.includes(index)));
  return table.names === null ? byOrder(table, mapping, taken) : byName(table, mapping, taken, symbol);
}

function byName(
  table: RawTable,
  mapping: ColumnMapping,
  taken: ReadonlySet<number>,
  wanted: string | null,
): ColumnParts {
  const header = readHeader(table, taken);
  const time = mapping.time ?? findTime(table, header);
  const instrument = findInstrumentNames(table, header, wanted);
  const rest = header.filter(({ index }) => !time?.some((at) => at === index) && !instrument.columns.includes(index));
  const found = findPrices(table, rest, wanted, mapping.close);
  const notes: string[] = [];
  const prices = { ...found.prices, ...pricesOf(mapping) };
  const symbol = instrument.inHeader ?? (found.isInstrument ? found.affix : null);
  if (mapping.close === undefined && found.isOnly) {
    notes.push(`${name(table, found.prices.close!)} is the only column of numbers and taken for the close`);
  }
  if (['bid', 'mid', 'ask', 'offer'].includes(found.affix)) {
    notes.push(
      `prices are those of the ${found.affix}: ${found.prices.close === undefined ? '' : name(table, found.prices.close)}`,
    );
  }
  const adjustment = adjust(table, rest, mapping, prices, found.isAdjusted, notes);
  const isComplete = priceRoles.every((role) => adjustment.prices[role] !== undefined);
  const usedPrices = new Set(isComplete ? Object.values(adjustment.prices) : [adjustment.prices.close]);
  // Beside prices of `AAPL.Close` the volume is that of `AAPL.Volume`, beside those of a bid it has no side.
  const forVolume = rest.flatMap((cell) => {
    if (usedPrices.has(cell.index)) return [];
    const own = found.affix === '' ? cell.name : cell.name.replace(found.affix, '');
    return [{ ...cell, plain: plainName(own), unit: unitOf(own) }];
  });
  const volume =
    mapping.volume === undefined
      ? findVolume(table, forVolume, symbol ?? instrument.inRow)
      : { index: mapping.volume, notes: [] };
  notes.push(...(volume?.notes ?? []));
  const beside = [...instrument.columns, ...adjustment.beside];
  const idle = rest.filter(
    (cell) =>
      !usedPrices.has(cell.index) &&
      !beside.includes(cell.index) &&
      !adjustment.said.has(cell.index) &&
      isPriceName(cell),
  );
  if (idle.length > 0 && adjustment.prices.close !== undefined) {
    notes.push(`not used, though named like prices: ${idle.map((cell) => quote(cell.name)).join(', ')}`);
  }
  const timeCell = time && readHeader(table, new Set()).find(({ index }) => index === time[0]);
  const closeLabelled = time?.length === 1 && timeCell !== undefined && isClosingTime(timeCell);
  if (closeLabelled)
    notes.push(`${quote(timeCell.name)} is the time at which bars close, whatever data.bar_label says`);
  return {
    ...(time === undefined ? {} : { time }),
    ...adjustment.prices,
    ...(adjustment.unadjustedClose === undefined ? {} : { unadjustedClose: adjustment.unadjustedClose }),
    ...(volume === undefined ? {} : { volume: volume.index }),
    beside,
    symbol,
    closeLabelled,
    notes,
    instruments: mapping.close === undefined ? found.instruments : [],
    doubles: found.doubles.filter(({ role }) => mapping[role] === undefined),
  };
}

interface Adjustment {
  readonly prices: Readonly<Partial<Record<PriceRole, number>>>;
  readonly unadjustedClose?: number;
  readonly beside: readonly number[];
  /** Columns that a note is about already. */
  readonly said: ReadonlySet<number>;
}

/** Settles what adjusted and unadjusted prices stand beside each other, with a note of what is used. */
function adjust(
  table: RawTable,
  rest: readonly HeaderCell[],
  mapping: ColumnMapping,
  prices: Readonly<Partial<Record<PriceRole, number>>>,
  onlyAdjusted: boolean,
  notes: string[],
): Adjustment {
  const none: Adjustment = { prices, beside: [], said: new Set() };
  const { close } = prices;
  if (close === undefined) return none;
  const isMapped = mapping.close !== undefined;
  const closeName = table.names?.[close] ?? '';
  if (!onlyAdjusted && !(isMapped && adjustedName(plainName(closeName)) !== undefined)) {
    const others = rest.filter((cell) => cell.index !== close && adjustedName(cell.plain) !== undefined);
    const other = others.find((cell) => hasRole(adjustedName(cell.plain)!, 'close'));
    if (!other) return none;
    notes.push(
      `${quote(closeName)} is used, not adjusted for dividends and splits; ${quote(other.name)} is not used ` +
        `(data.columns: {close: ${yamlText(other.name)}} takes it)`,
    );
    return { ...none, said: new Set(others.map(({ index }) => index)) };
  }
  notes.push(`the close is ${quote(closeName)}, adjusted for dividends and splits`);
  const { open, high, low } = prices;
  if (open === undefined || high === undefined || low === undefined || areAdjusted(table, [open, high, low]))
    return none;
  const raw = rest.find((cell) => cell.index !== close && hasRole(cell.plain, 'close'));
  if (raw) {
    notes.push(`open, high and low are adjusted with it: multiplied by ${quote(closeName)} / ${quote(raw.name)}`);
    return { prices, unadjustedClose: raw.index, beside: [raw.index], said: new Set() };
  }
  if (isBetween(table, low, close, high)) return none;
  notes.push('open, high and low are not adjusted and do not belong to it: all four prices are the close');
  return { ...none, prices: { close } };
}

function areAdjusted(table: RawTable, columns: readonly number[]): boolean {
  return columns.every((index) => adjustedName(plainName(table.names?.[index] ?? '')) !== undefined);
}

function isBetween(table: RawTable, low: number, close: number, high: number): boolean {
  const [lows, closes, highs] = glanceAtNumbers(table, [low, close, high]);
  let [inside, rows] = [0, 0];
  closes.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    rows++;
    if (value >= lows[row] * (1 - 1e-6) && value <= highs[row] * (1 + 1e-6)) inside++;
  });
  return inside >= 0.99 * rows;
}

function byOrder(table: RawTable, mapping: ColumnMapping, taken: ReadonlySet<number>): ColumnParts {
  const order = findOrder(table, taken);
  const time = mapping.time ?? order.time;
  const only = order.numeric.length === 1 && mapping.close === undefined ? order.numeric[0] : undefined;
  const prices = { ...(only === undefined ? {} : { close: only }), ...order.prices, ...pricesOf(mapping) };
  const volume = mapping.volume ?? order.volume;
  const words = (Object.entries({ ...prices, volume }) as [string, number | undefined][])
    .flatMap(([part, index]) => (index === undefined ? [] : [{ part, index }]))
    .sort((a, b) => a.index - b.index)
    .map(({ part }) => part);
  return {
    ...(time === undefined ? {} : { time }),
    ...prices,
    ...(volume === undefined ? {} : { volume }),
    beside: [],
    symbol: null,
    closeLabelled: false,
    notes: [`no header: columns taken in the order time, ${words.join(', ')}`],
    instruments: [],
    doubles: [],
    doubt: 'There is no header, and no four neighbouring columns of numbers are plainly open, high, low and close',
  };
}

function pricesOf(mapping: ColumnMapping): Partial<Record<PriceRole, number>> {
  return Object.fromEntries(priceRoles.flatMap((role) => (mapping[role] === undefined ? [] : [[role, mapping[role]]])));
}

function name(table: RawTable, index: number): string {
  return quote(table.names?.[index] ?? `#${index + 1}`);
}
