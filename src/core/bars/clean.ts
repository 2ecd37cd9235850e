import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { readFiles } from '#core/quotes/join.ts';
import type { Values } from '#core/quotes/quotes.ts';
import { exchangeCalendar } from '#core/sessions/exchange-calendar.ts';
import type { MarketCalendar } from '#core/sessions/market-calendar.ts';
import { learnWeek } from '#core/sessions/market-week.ts';
import { indicesWhere, rowsWhere } from '#core/table/rows-where.ts';
import type { RawTable } from '#core/table/table.ts';
import { inferStep, irregularShare, rowsOnGrid } from '#core/time/grid.ts';
import { parseRange } from '#core/time/range.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { openZone } from '#core/time/zone.ts';
import type { Bars } from './bars.ts';
import { cleaningNotes } from './cleaning-notes.ts';
import type { CleaningReport } from './cleaning-report.ts';
import { conflictNote, dropDuplicates, refuseContradictions } from './duplicates.ts';
import { applyGaps } from './gap-policy.ts';
import { findGaps } from './gaps.ts';
import { clipOutliers, findOutliers, type Outlier, outlierNote } from './outliers.ts';
import { findSplits, splitNote } from './splits.ts';
import {
  findStandstills,
  type Standstill,
  shortStandstillNote,
  standstillNote,
  standstillTimes,
} from './standstill.ts';
import { strayRows } from './stray-rows.ts';
import { dropInvalid, pick, take } from './values.ts';

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
 * file, join them, drop rows without a time, sort, drop invalid rows, drop duplicates, find the base step, drop stray
 * rows, cut to the range, drop rows off the grid, treat outliers, then apply the gap policy.
 *
 * @param extra names of further columns of the files to carry along
 * @throws AppError data_unreadable (columns or times not recognised, or rows contradict each other), data_empty (fewer than two usable rows),
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

  const timed = indicesWhere(quotes.rows, (row) => !Number.isNaN(quotes.time[row]));
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
  refuseContradictions(unique, valid.rows.length, quotes.time, quotes);
  if (unique.rows.length < 2) {
    const why = valid.firstReason
      ? `; data row ${valid.firstRow + 1}: ${valid.firstReason} (${quotes.pricesOf(valid.firstRow)})`
      : '';
    const next = 'Expected at least two bars; check that the columns hold what their names say.';
    throw empty(`${unique.rows.length} of ${quotes.rows} rows are usable${why}`, next);
  }

  const label = take(quotes.time, unique.rows);
  const step = inferStep(label);
  const opens = config.bar_label === 'close' || quotes.closeLabelled ? label.map((ms) => ms - step) : label;
  const strays = strayRows(opens, step);
  const near = without(opens.length, strays);
  const inRange = rowsWhere(near, (k) => opens[k] >= start && opens[k] < end);
  if (inRange.length < 2) {
    const had = `${timeLabel(opens[near[0]])} to ${timeLabel(opens[near[near.length - 1]])}`;
    throw empty(`${inRange.length} bars lie in data.range; the file has ${had}`, 'Widen data.range.', 'data.range');
  }
  const cut = take(opens, inRange);
  const { rows: onGrid, slot, firstOff } = rowsOnGrid(cut, step, zone);
  if (onGrid.length < 2)
    throw empty(`${onGrid.length} bars lie on the grid of the file`, 'Expected at least two bars.');

  const values = pick(
    quotes,
    onGrid.map((k) => unique.rows[inRange[k]]),
  );
  const judged = judgeOutliers(take(cut, onGrid), values, step, config);
  const { time } = judged;
  let calendar: MarketCalendar | undefined = config.exchange ? exchangeCalendar(config.exchange, step) : undefined;
  const calendarOf = () => (calendar ??= learnWeek(time, step, slot));
  const zeroVolume = countZeros(judged.values.volume);
  const traded = quotes.hasVolume && zeroVolume < time.length;
  const gaps = findGaps(time, step, calendarOf, {
    maxFill: config.gaps.max_fill,
    volume: traded ? judged.values.volume : null,
    slot,
  });
  const { bars, filledBars } = applyGaps({ time, step, ...judged.values }, gaps, config.gaps, ({ from, to }) =>
    calendarOf().missingTimes(from, to),
  );
  const broken = gaps.filter(({ kind }) => kind === 'gap');
  const quiet = gaps.filter(({ kind }) => kind === 'untraded');
  const report: CleaningReport = {
    rowsRead: quotes.rows + otherInstruments,
    otherInstruments,
    unparsableTime: quotes.rows - timed.length,
    ambiguousTime: quotes.ambiguous,
    inversions,
    identicalDuplicates: unique.identical,
    conflictingDuplicates: unique.conflicting,
    invalidRows: timed.length - valid.rows.length,
    missingVolume: quotes.missingVolume,
    outsideRange: near.length - inRange.length,
    strayRows: strays.length,
    offGrid: cut.length - onGrid.length,
    irregularShare: irregularShare(cut, step),
    gaps: broken.length,
    missingBars: sumOf(broken),
    longestGap: broken.reduce((longest, gap) => Math.max(longest, gap.missing), 0),
    closures: gaps.length - broken.length - quiet.length,
    untraded: quiet.length,
    untradedBars: sumOf(quiet),
    filledBars,
    zeroVolume,
    bars: bars.time.length,
    segments: bars.segment[bars.segment.length - 1] + 1,
    step,
    first: bars.time[0],
    last: bars.time[bars.time.length - 1],
    columns: quotes.found,
    unused: quotes.unused,
    numeric: quotes.numeric,
    symbol: quotes.symbol,
    timeFormat: quotes.timeFormat,
    repairedTimes: quotes.repaired,
    outliers: judged.outliers.length,
    standstillBars: judged.standstills.reduce((sum, { from, to }) => sum + to - from, 0),
    standstills: judged.standstills.length,
    standstillTimes: judged.standstillTimes,
    outlierTimes: judged.outlierTimes,
    calendar: calendar?.words ?? 'not needed: no bar is missing',
    notes: [],
  };
  const splits = findSplits(judged.values, time, step);
  const notes = cleaningNotes({
    report,
    quotes,
    invalid: valid,
    conflict: conflictNote(unique, valid.rows.length, quotes.time, quotes),
    strays: strays.map((k) => opens[k]),
    offGrid: { first: cut[firstOff], of: cut.length },
    time,
    values: judged.values,
    gaps: broken,
    policy: config.gaps,
    exchange: config.exchange && calendar ? { name: config.exchange, calendar } : null,
  });
  return {
    bars,
    report: {
      ...report,
      notes: [...quotes.notes, ...judged.notes, ...(splits.length > 0 ? [splitNote(splits, time)] : []), ...notes],
    },
  };
}

interface Judged {
  readonly time: Float64Array;
  readonly values: Values;
  readonly outliers: readonly Outlier[];
  /** Of the first 500. */
  readonly outlierTimes: readonly number[];
  readonly standstills: readonly Standstill[];
  readonly standstillTimes: CleaningReport['standstillTimes'];
  readonly notes: readonly string[];
}

/** Looks for ticks far off and for stretches without a trade, and does what data.outliers says. */
function judgeOutliers(
  time: Float64Array,
  values: Values,
  step: number,
  { outliers: rule, gaps }: CleaningConfig,
): Judged {
  const outliers = findOutliers(values);
  const least = Math.max(5, gaps.max_fill);
  const { long: standstills, short: stretches } = findStandstills(values, least);
  const short = shortStandstillNote(stretches, time.length, least);
  const outlierTimes = outliers.slice(0, 500).map(({ row }) => time[row]);
  const notes = [
    ...(outliers.length > 0 ? [outlierNote(outliers, time, values, rule)] : []),
    ...(standstills.length > 0 ? [standstillNote(standstills, time, rule)] : []),
    ...(short === null ? [] : [short]),
  ];
  const found = {
    outliers,
    outlierTimes,
    standstills,
    standstillTimes: standstillTimes(standstills, time, step),
    notes,
  };
  if (rule === 'clip' && outliers.length > 0) {
    return { time, values: { ...values, ...clipOutliers(values, outliers) }, ...found };
  }
  if (rule !== 'drop' || (outliers.length === 0 && standstills.length === 0)) return { time, values, ...found };
  const dropped = outliers.map(({ row }) => row);
  for (const { from, to } of standstills) for (let row = from; row < to; row++) dropped.push(row);
  const rows = without(time.length, dropped);
  if (rows.length < 2) {
    throw empty(`${rows.length} bars are left by data.outliers = drop`, 'Set it to note.', 'data.outliers');
  }
  return { time: take(time, rows), values: pick(values, rows), ...found };
}

function without(size: number, dropped: readonly number[]): Int32Array {
  const gone = new Uint8Array(size);
  for (const row of dropped) gone[row] = 1;
  return indicesWhere(size, (row) => gone[row] === 0);
}

function countZeros(values: Float64Array): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
}

function sumOf(gaps: readonly { readonly missing: number }[]): number {
  return gaps.reduce((sum, { missing }) => sum + missing, 0);
}

function empty(what: string, next: string, path = 'data.source'): AppError {
  return new AppError('data_empty', `No usable bars: ${what}. ${next}`, { issues: [{ path, message: what }] });
}
