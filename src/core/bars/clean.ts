import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import type { RawTable } from '#core/table/table.ts';
import type { Bars } from './bars.ts';
import type { CleaningReport } from './cleaning-report.ts';
import { applyGaps } from './gap-policy.ts';
import { findGaps } from './gaps.ts';
import { inferStep, irregularShare, rowsOnGrid } from './grid.ts';
import { readFiles } from './join.ts';
import type { Quotes } from './quotes.ts';
import { parseRange } from './range.ts';
import { formatTimeframe } from './timeframe.ts';
import { dropDuplicates, dropInvalid, pick, type ValidRows } from './values.ts';
import { openZone } from './zone.ts';

interface CleanedBars {
  readonly bars: Bars;
  readonly report: CleaningReport;
}

/** The parts of data: that reading the rows of files needs. */
export type CleaningConfig = Pick<
  DataConfig,
  'timezone' | 'decimal' | 'bar_label' | 'columns' | 'symbol' | 'exchange' | 'outliers' | 'gaps' | 'range'
>;

/**
 * Turns the rows of files into bars, in the order of CLEANING.md#steps, counting what each step does: understand each
 * file, join them, drop rows without a time, sort, drop invalid rows, drop duplicates, find the base step, cut to the range, drop rows off
 * the grid, then apply the gap policy.
 *
 * @param extra names of further columns of the files to carry along
 * @throws AppError data_unreadable (columns or times not recognised), data_empty (fewer than two usable rows),
 *   invalid_config (zone or range)
 *
 * @example
 * const columns = [new ColumnBuilder(), new ColumnBuilder()];
 * for (const [k, time] of ['2024-01-01 00:00', '2024-01-01 01:00', '2024-01-01 01:00'].entries()) {
 *   columns[0].text(time);
 *   columns[1].number(k === 0 ? 1 : 2);
 * }
 * const table = { name: 'x.csv', names: ['time', 'close'], instruments: null, rows: 3, notes: [] };
 * const { bars, report } = cleanBars(
 *   [{ ...table, columns: columns.map((column) => column.finish()) }],
 *   defaultConfig().data,
 * );
 * bars.close; // [1, 2]
 * report.identicalDuplicates; // 1
 */
export function cleanBars(
  tables: readonly RawTable[],
  config: CleaningConfig,
  extra: readonly string[] = [],
): CleanedBars {
  const zone = openZone(config.timezone);
  const [start, end] = parseRange(config.range, zone);
  if (tables.every(({ rows }) => rows === 0)) {
    throw empty('the file has no rows', 'Check that it is the right file.');
  }
  const { quotes, otherInstruments } = readFiles(tables, config, zone, extra);

  const timed = rowsWhere(quotes.time, (ms) => !Number.isNaN(ms));
  const unparsableTime = quotes.rows - timed.length;
  if (timed.length === 0) {
    throw empty(
      `no row has a readable time; the first is ${quotes.timeOf(0)}`,
      'Write times as 2020-08-27 15:13 or as epochs.',
    );
  }
  let inversions = 0;
  for (let k = 1; k < timed.length; k++) if (quotes.time[timed[k]] < quotes.time[timed[k - 1]]) inversions++;
  if (inversions > 0) timed.sort((a, b) => quotes.time[a] - quotes.time[b] || a - b);

  const valid = dropInvalid(timed, quotes);
  const unique = dropDuplicates(valid.rows, quotes.time, quotes);
  if (unique.rows.length < 2) {
    const why = valid.firstReason
      ? `; row ${valid.firstRow + 1}: ${valid.firstReason} (${quotes.pricesOf(valid.firstRow)})`
      : '';
    const next = 'Expected at least two bars; check that the columns hold what their names say.';
    throw empty(`${unique.rows.length} of ${quotes.rows} rows are usable${why}`, next);
  }

  const label = Float64Array.from(unique.rows, (row) => quotes.time[row]);
  const step = inferStep(label);
  const opens = config.bar_label === 'close' || quotes.closeLabelled ? label.map((ms) => ms - step) : label;
  const inRange = rowsWhere(opens, (ms) => ms >= start && ms < end);
  if (inRange.length < 2) {
    const had = `${new Date(opens[0]).toISOString()} to ${new Date(opens[opens.length - 1]).toISOString()}`;
    throw empty(`${inRange.length} bars lie in data.range; the file has ${had}`, 'Widen data.range.', 'data.range');
  }
  const cut = opens.length === inRange.length ? opens : Float64Array.from(inRange, (k) => opens[k]);
  const onGrid = rowsOnGrid(cut, step, zone);
  const time = onGrid.length === cut.length ? cut : Float64Array.from(onGrid, (k) => cut[k]);
  if (time.length < 2) throw empty(`${time.length} bars lie on the grid of the file`, 'Expected at least two bars.');

  const rows = onGrid.map((k) => unique.rows[inRange[k]]);
  const gaps = findGaps(time, step, zone, config.gaps.policy === 'fill' ? config.gaps.max_fill : 0);
  const { bars, filledBars } = applyGaps({ time, step, ...pick(quotes, rows) }, gaps, config.gaps);
  const open = gaps.filter((gap) => gap.missing > 0);
  const zeroVolume = rows.reduce((count, row) => count + (quotes.volume[row] === 0 ? 1 : 0), 0);
  const segments = bars.segment[bars.segment.length - 1] + 1;

  const report: CleaningReport = {
    rowsRead: quotes.rows + otherInstruments,
    otherInstruments,
    unparsableTime,
    ambiguousTime: quotes.ambiguous,
    inversions,
    identicalDuplicates: unique.identical,
    conflictingDuplicates: unique.conflicting,
    invalidRows: timed.length - valid.rows.length,
    missingVolume: quotes.missingVolume,
    outsideRange: opens.length - inRange.length,
    offGrid: cut.length - time.length,
    irregularShare: irregularShare(cut, step),
    gaps: open.length,
    missingBars: open.reduce((sum, gap) => sum + gap.missing, 0),
    longestGap: open.reduce((longest, gap) => Math.max(longest, gap.missing), 0),
    closures: gaps.length - open.length,
    filledBars,
    zeroVolume,
    bars: bars.time.length,
    segments,
    step,
    first: bars.time[0],
    last: bars.time[bars.time.length - 1],
    columns: quotes.found,
    unused: quotes.unused,
    numeric: quotes.numeric,
    symbol: quotes.symbol,
    timeFormat: quotes.timeFormat,
    repairedTimes: quotes.repaired,
    outliers: 0,
    outlierTimes: [],
    calendar: 'learned from the file',
    notes: [
      ...quotes.notes,
      ...remarks({ quotes, rows, zeroVolume, segments, bars, policy: config.gaps.policy, step, valid }),
    ],
  };
  return { bars, report };
}

interface Findings {
  readonly quotes: Quotes;
  readonly rows: Int32Array;
  readonly zeroVolume: number;
  readonly segments: number;
  readonly bars: Bars;
  readonly policy: DataConfig['gaps']['policy'];
  readonly step: number;
  readonly valid: ValidRows;
}

function remarks({ quotes, rows, zeroVolume, segments, bars, policy, step, valid }: Findings): string[] {
  const notes: string[] = [];
  if (valid.firstReason !== undefined) notes.push(`first invalid row: ${valid.firstRow + 1}, ${valid.firstReason}`);
  if (!quotes.hasVolume) notes.push('no volume column: volume is 0');
  else if (zeroVolume === rows.length) notes.push('all volumes are zero: features that read volume are switched off');
  if (
    rows.every(
      (row) => quotes.close[row] >= 10_000 && Math.abs(quotes.close[row] - Math.round(quotes.close[row])) < 1e-6,
    )
  ) {
    notes.push(
      'all prices are large whole numbers, perhaps scaled by the source; used as they are (features are scale-free)',
    );
  }
  const mean = bars.time.length / segments;
  if (policy !== 'ignore' && segments > 10 && mean < 200) {
    notes.push(
      `${segments} segments of about ${Math.round(mean)} ${formatTimeframe(step)} bars: no window crosses a break; ` +
        'data.gaps.policy fill or ignore keeps longer ones',
    );
  }
  return notes;
}

function rowsWhere(values: Float64Array, test: (value: number) => boolean): Int32Array {
  const rows = new Int32Array(values.length);
  let size = 0;
  for (let i = 0; i < values.length; i++) if (test(values[i])) rows[size++] = i;
  return rows.slice(0, size);
}

function empty(what: string, next: string, path = 'data.source'): AppError {
  return new AppError('data_empty', `No usable bars: ${what}. ${next}`, { issues: [{ path, message: what }] });
}
