import { AppError } from '#core/error.ts';
import { quote, yamlText } from './column-mapping.ts';

/** Words of file names that say nothing of an instrument. */
const neutral = new Set(
  (
    'csv tsv txt json jsonl ndjson parquet gz zip feather part parts chunk file data dataset bars ohlc ohlcv candles ' +
    'candlestick candlesticks klines kline quotes prices history hist historical old new copy kopie final export ' +
    'download train training test valid validation from to until bis and of the first second last prev previous next ' +
    'current latest recent update updated more backfill archive year month week day jan feb mar apr may jun jul aug ' +
    'sep sept oct nov dec january february march april june july august september october november december ' +
    'q h m s d w y ms us'
  ).split(' '),
);
/** Timeframes: `1m`, `15min`, `H1`, `daily`. */
const timeframe =
  /^(?:\d+ ?(?:s|sec|secs|m|min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days|w|wk|week|weeks|mo|mn|mon|month|months|t)|(?:m|h|d|w|mn)\d{1,3}|mn|minute|minutes|min|hour|hours|hourly|daily|weekly|monthly|intraday|eod)$/;

/**
 * What the name of a file says of its instrument: its words without dates, numbers, timeframes and words such as
 * `part`; '' where nothing is left.
 */
function fileInstrument(name: string): string {
  return words(name).join('_');
}

/** Whether a file is named after an instrument: `BTC_USDT-1h.json` after `BTC/USDT`, `BTCUSDT` or `btc`. */
export function isNamedAfter(name: string, symbol: string): boolean {
  const wanted = symbol.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const tokens = split(name);
  return (
    wanted !== '' &&
    tokens.some((_, from) =>
      tokens.slice(from).some((__, size) => tokens.slice(from, from + size + 1).join('') === wanted),
    )
  );
}

/** The instruments that the names of files name, one of each. */
export function listFileInstruments(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(fileInstrument))].filter(Boolean);
}

/**
 * The files of one instrument among several, as indices.
 *
 * @param names of the files, without the folders that they share
 * @throws AppError data_unreadable at data.symbol where the names are those of different instruments and `symbol` does
 *   not choose between them
 */
export function chooseFiles(names: readonly string[], symbol: string | null): readonly number[] {
  const all = [...names.keys()];
  const instruments = new Map<string, string[]>();
  for (const name of names) {
    const key = fileInstrument(name);
    instruments.set(key, [...(instruments.get(key) ?? []), name]);
  }
  if (instruments.size < 2) return all;
  if (symbol !== null) {
    const chosen = all.filter((index) => isNamedAfter(names[index], symbol));
    if (chosen.length > 0) return chosen;
  }
  const shown = [...instruments].slice(0, 10).map(([key, files]) => `${label(key)} (${files[0]})`);
  const more = instruments.size > 10 ? ` and ${instruments.size - 10} more` : '';
  const wrong = symbol === null ? '' : `none is named after data.symbol ${quote(symbol)}; `;
  const message = `${wrong}the ${names.length} files are of ${instruments.size} instruments by their names: ${shown.join(', ')}${more}`;
  const example = [...instruments.keys()].find((key) => key !== '') ?? '';
  throw new AppError(
    'data_unreadable',
    `Expected files of one instrument, and ${message}. Choose one with data.symbol: ${yamlText(example)}, or with a ` +
      'narrower pattern; files of one instrument differ in dates and numbers of their names only.',
    { issues: [{ path: 'data.symbol', message }] },
  );
}

/** Whether a text is the length of a bar, as names of files and cells have it: `1m`, `H1`, `daily`. */
export function isTimeframeWord(text: string): boolean {
  return timeframe.test(text.trim().toLowerCase());
}

function label(key: string): string {
  return key === '' ? 'no name' : key;
}

function words(name: string): string[] {
  return split(name)
    .filter((token) => !timeframe.test(token))
    .map((token) => token.replace(/\d+/g, ''))
    .filter((token) => token.length > 1 && !neutral.has(token));
}

function split(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/(?:\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|gz|zip))+$/, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
