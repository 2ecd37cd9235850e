import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import type { Bars } from './bars.ts';
import type { CleaningReport } from './cleaning-report.ts';
import { type ColumnMap, findColumns } from './columns.ts';
import { applyGaps } from './gap-policy.ts';
import { findGaps } from './gaps.ts';
import { inferStep, irregularShare, rowsOnGrid } from './grid.ts';
import { parseRange } from './range.ts';
import type { RawTable } from './table.ts';
import { formatTimeframe } from './timeframe.ts';
import { parseTimes } from './timestamp.ts';
import { dropDuplicates, dropInvalid, pick, readValues, type ValidRows, type Values } from './values.ts';
import { openZone } from './zone.ts';

interface CleanedBars {
  readonly bars: Bars;
  readonly report: CleaningReport;
}

/** The parts of data: that cleaning reads. */
export type CleaningConfig = Pick<DataConfig, 'timezone' | 'bar_label' | 'gaps' | 'range'>;

/**
 * Turns the rows of a file into bars, in the order of CLEANING.md#steps, counting what each step does: read the times,
 * drop rows without one, sort, drop duplicates, drop invalid rows, find the base step, cut to the range, drop rows off
 * the grid, then apply the gap policy.
 *
 * @throws AppError data_unreadable (columns or times not recognised), data_empty (fewer than two usable rows),
 *   invalid_config (zone or range)
 *
 * @example
 * const times = ['2024-01-01 00:00', '2024-01-01 01:00', '2024-01-01 01:00'];
 * const table = { names: ['time', 'close'], columns: [times, [1, 2, 2]], rows: 3, notes: [] };
 * const { bars, report } = cleanBars(table, defaultConfig().data);
 * bars.close; // [1, 2]
 * report.identicalDuplicates; // 1
 */
export function cleanBars(table: RawTable, config: CleaningConfig): CleanedBars {
  const zone = openZone(config.timezone);
  const [start, end] = parseRange(config.range, zone);
  if (table.rows === 0) throw empty('the file has no rows', 'Check that it is the right file.');
  const columns = findColumns(table);
  const times = parseTimes(table, columns.time, zone);

  const timed = rowsWhere(times.ms, (ms) => !Number.isNaN(ms));
  const unparsableTime = table.rows - timed.length;
  if (timed.length === 0) {
    const sample = columns.time
      .map((column) => JSON.stringify(String(table.columns[column][0]).slice(0, 40)))
      .join(' ');
    throw empty(`no row has a readable time; the first is ${sample}`, 'Write times as 2020-08-27 15:13 or as epochs.');
  }
  let inversions = 0;
  for (let k = 1; k < timed.length; k++) if (times.ms[timed[k]] < times.ms[timed[k - 1]]) inversions++;
  if (inversions > 0) timed.sort((a, b) => times.ms[a] - times.ms[b] || a - b);

  const values = readValues(table, columns);
  const unique = dropDuplicates(timed, times.ms, values);
  const valid = dropInvalid(unique.rows, values);
  if (valid.rows.length < 2) {
    const why = valid.firstReason
      ? `; row ${valid.firstRow + 1}: ${valid.firstReason} (${pricesOf(table, columns, valid.firstRow)})`
      : '';
    const next = 'Expected at least two bars; check that the columns hold what their names say.';
    throw empty(`${valid.rows.length} of ${table.rows} rows are usable${why}`, next);
  }

  const label = Float64Array.from(valid.rows, (row) => times.ms[row]);
  const step = inferStep(label);
  const opens = config.bar_label === 'close' ? label.map((ms) => ms - step) : label;
  const inRange = rowsWhere(opens, (ms) => ms >= start && ms < end);
  if (inRange.length < 2) {
    const had = `${new Date(opens[0]).toISOString()} to ${new Date(opens[opens.length - 1]).toISOString()}`;
    throw empty(`${inRange.length} bars lie in data.range; the file has ${had}`, 'Widen data.range.', 'data.range');
  }
  const cut = opens.length === inRange.length ? opens : Float64Array.from(inRange, (k) => opens[k]);
  const onGrid = rowsOnGrid(cut, step, zone);
  const time = onGrid.length === cut.length ? cut : Float64Array.from(onGrid, (k) => cut[k]);
  if (time.length < 2) throw empty(`${time.length} bars lie on the grid of the file`, 'Expected at least two bars.');

  const rows = onGrid.map((k) => valid.rows[inRange[k]]);
  const gaps = findGaps(time, step, zone, config.gaps.policy === 'fill' ? config.gaps.max_fill : 0);
  const { bars, filledBars } = applyGaps({ time, step, ...pick(values, rows) }, gaps, config.gaps);
  const open = gaps.filter((gap) => gap.missing > 0);
  const zeroVolume = rows.reduce((count, row) => count + (values.volume[row] === 0 ? 1 : 0), 0);
  const segments = bars.segment[bars.segment.length - 1] + 1;

  const report: CleaningReport = {
    rowsRead: table.rows,
    unparsableTime,
    ambiguousTime: times.ambiguous,
    inversions,
    identicalDuplicates: unique.identical,
    conflictingDuplicates: unique.conflicting,
    invalidRows: unique.rows.length - valid.rows.length,
    missingVolume: values.missingVolume,
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
    columns: columns.found,
    timeFormat: times.format,
    notes: [
      ...table.notes,
      ...columns.notes,
      ...times.notes,
      ...remarks({ columns, values, rows, zeroVolume, segments, bars, policy: config.gaps.policy, step, valid }),
    ],
  };
  return { bars, report };
}

interface Findings {
  readonly columns: ColumnMap;
  readonly values: Values;
  readonly rows: Int32Array;
  readonly zeroVolume: number;
  readonly segments: number;
  readonly bars: Bars;
  readonly policy: DataConfig['gaps']['policy'];
  readonly step: number;
  readonly valid: ValidRows;
}

function remarks({ columns, values, rows, zeroVolume, segments, bars, policy, step, valid }: Findings): string[] {
  const notes: string[] = [];
  if (valid.firstReason !== undefined) notes.push(`first invalid row: ${valid.firstRow + 1}, ${valid.firstReason}`);
  if (columns.volume === undefined) notes.push('no volume column: volume is 0');
  else if (zeroVolume === rows.length) notes.push('all volumes are zero: features that read volume are switched off');
  if (
    rows.every(
      (row) => values.close[row] >= 10_000 && Math.abs(values.close[row] - Math.round(values.close[row])) < 1e-6,
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

/** The prices of a row as the file has them: `open "x", high 3, …`. */
function pricesOf(table: RawTable, columns: ColumnMap, row: number): string {
  const cell = (column: number) => {
    const value: unknown = table.columns[column][row];
    if (typeof value === 'string') return JSON.stringify(value.slice(0, 24));
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : 'nothing';
  };
  return (['open', 'high', 'low', 'close'] as const).map((name) => `${name} ${cell(columns[name])}`).join(', ');
}

function empty(what: string, next: string, path = 'data.source'): AppError {
  return new AppError('data_empty', `No usable bars: ${what}. ${next}`, { issues: [{ path, message: what }] });
}
