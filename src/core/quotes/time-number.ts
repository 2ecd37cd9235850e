import { AppError } from '#core/error.ts';
import { day } from '#core/time/timeframe.ts';
import {
  monthOf,
  readForm,
  readStamps,
  serialOf,
  shortDateOf,
  spreadsheetTimes,
  yearOf,
  type NumberTimes,
} from './number-form.ts';
import { areDaysSince1970, areUnlikely, findRareTimes } from './rare-epoch.ts';

const unitNames = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;
const perMillisecond = [1 / 1000, 1, 1000, 1_000_000] as const;
/** Instants outside 1900 … 2200 are taken for no time at all. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2200, 0, 1);
/** Names of columns that count rows. */
const indexName = /^(?:[tikn#]|no\.?|nr\.?|id|idx|index|bar|row|step|level_0|unnamed.*|)$/i;
/** A column that counts up is one of times only where its name says so. */
const timeName = /time|date|day|epoch|stamp|datum|zeit|fecha/i;
/** Below this a number is no epoch in seconds, unless it is one of the early seventies. */
const smallest = 1e8;

/** Whether `ms` lies in the years 1900 to 2199. */
export function isPlausible(ms: number): boolean {
  return ms >= earliest && ms < latest;
}

/**
 * Reads numbers as times (CLEANING.md#times): epochs whose unit follows from their size, calendar stamps written
 * together (`20200501`, `240304`, `202005`), days of a spreadsheet (45300.5) and years.
 *
 * @param values NaN where a row has no number
 * @param name of the column in the file; null where it has none
 * @throws AppError data_unreadable where they count bars, were rounded, or mix units without telling which row has which
 */
export function readTimeNumbers(values: Float64Array, name: string | null): NumberTimes {
  const median = medianSize(values);
  if (Number.isNaN(median)) return none(values);
  return readStamps(values, median) ?? (median < smallest ? readSmall(values, name) : readEpochs(values, median));
}

function none(values: Float64Array): NumberTimes {
  return { ms: new Float64Array(values.length).fill(NaN), are: 'instants', format: '', repaired: 0, notes: [] };
}

/** Median of the sizes of some thousand values spread over the column; NaN where there is none. */
function medianSize(values: Float64Array): number {
  const stride = Math.max(1, Math.floor(values.length / 4096));
  const spread = Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, k) => values[k * stride]);
  let sample = spread.filter(Number.isFinite);
  if (sample.length === 0) sample = values.filter(Number.isFinite);
  return sample.map(Math.abs).sort()[sample.length >> 1] ?? NaN;
}

/** Numbers too small for epochs: years, months, short dates, days of a spreadsheet, the seventies, or no times. */
function readSmall(values: Float64Array, name: string | null): NumberTimes {
  const finite = values.filter(Number.isFinite);
  const counts = countsUp(finite);
  const isIndex = name !== null && indexName.test(name);
  if (!isIndex && name !== null) {
    const years = readForm(values, { are: 'dates', format: 'years', read: yearOf });
    if (years) return years;
  }
  const months = readForm(values, { are: 'dates', format: 'months', read: monthOf });
  if (months) return months;
  const serials = readForm(values, { are: 'clocks', format: 'days of a spreadsheet', read: serialOf });
  const short =
    counts && (isIndex || name === null)
      ? undefined
      : readForm(values, { are: 'dates', format: 'dates', read: shortDateOf });
  // What may be both is no day of a spreadsheet where that would lie far ahead (50000 is in 2036).
  if (short && (!serials || finite.length > 31 || finite[0] > 50_000)) return short;
  const isNamed = name !== null && !isIndex;
  if (serials && (!counts || isNamed)) {
    return areDaysSince1970(values, serials.ms) ? daysSince1970(values) : spreadsheetTimes(serials, finite);
  }
  const isClock = isClockOfDays(finite);
  const seconds = looksLikeEpochs(finite) ? values.map((value) => value * 1000) : null;
  const rare = isClock || (counts && !timeName.test(name ?? '')) ? undefined : findRareTimes(values, seconds);
  if (rare) return rareTimes(rare);
  if (isClock) throw clockAlone(finite, name);
  if (counts || seconds === null) throw notTimes(finite, name, counts);
  return readEpochs(values, 0);
}

/** Whether (nearly) every number is one more than that of the row before, or one less. */
function countsUp(values: Float64Array): boolean {
  let [up, down] = [0, 0];
  for (let k = 1; k < values.length; k++) {
    if (values[k] - values[k - 1] === 1) up++;
    else if (values[k] - values[k - 1] === -1) down++;
  }
  return values.length > 1 && Math.max(up, down) >= (values.length - 1) * 0.9;
}

/** Seconds of the seventies lie whole minutes apart; what counts or measures something else does not. */
function looksLikeEpochs(values: Float64Array): boolean {
  return values.every((value) => value % 60 === values[0] % 60);
}

/** Whether numbers are times of day, seconds since midnight, of several days: they start afresh. */
function isClockOfDays(values: Float64Array): boolean {
  let restarts = 0;
  for (let k = 0; k < values.length; k++) {
    if (!Number.isInteger(values[k]) || values[k] < 0 || values[k] >= 86_400) return false;
    if (k > 0 && values[k] < values[k - 1]) restarts++;
  }
  return restarts > 0 && restarts * 2 < values.length;
}

function rareTimes({ ms, name, note }: ReturnType<typeof findRareTimes> & object): NumberTimes {
  const isOfDays = name.startsWith('days');
  const repaired = ms.reduce((count, time) => count + (Number.isNaN(time) ? 0 : 1), 0);
  return { ms, are: isOfDays ? 'dates' : 'instants', format: isOfDays ? 'dates' : name, repaired, notes: [note] };
}

function daysSince1970(values: Float64Array): NumberTimes {
  const first = values.find(Number.isFinite);
  const note = `times are days since 1970 (${first}): those of a spreadsheet would all lie before 1970`;
  return rareTimes({ ms: values.map((value) => value * day), name: 'days since 1970', note });
}

function readEpochs(values: Float64Array, median: number): NumberTimes {
  const unit = unitOf(median);
  const ms = new Float64Array(values.length);
  let strange = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const time = Math.round(value / perMillisecond[unit]);
    ms[row] = isPlausible(time) ? time : NaN;
    if (Math.abs(value) > smallest && unitOf(value) !== unit) strange++;
  }
  const rare = strange === 0 ? findRareTimes(values, ms) : undefined;
  if (rare) return rareTimes(rare);
  if (strange === 0 && areUnlikely(ms)) throw strangeTimes(values, ms, unitNames[unit]);
  const notes: string[] = [];
  const repaired = strange > 0 ? repairUnits(values, ms, unit, notes) : 0;
  refuseRounded(ms);
  return { ms, are: 'instants', format: `epoch ${unitNames[unit]}`, repaired, notes };
}

/** Index of the longest unit in which a number is a time before 2200 (CLEANING.md#times). */
function unitOf(value: number): number {
  const size = Math.abs(value);
  if (size < latest / 1e3) return 0;
  if (size < latest) return 1;
  return size < latest * 1e3 ? 2 : 3;
}

/**
 * Reads each row in the unit of its own size where that is certain: all times then run in order, or those of the odd
 * rows lie among the others. Answers how many rows were not in `unit`.
 */
function repairUnits(values: Float64Array, ms: Float64Array, unit: number, notes: string[]): number {
  const own = values.map((value) =>
    Math.abs(value) > smallest ? Math.round(value / perMillisecond[unitOf(value)]) : NaN,
  );
  const odd: number[] = [];
  let [first, last] = [Infinity, -Infinity];
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(own[row])) continue;
    if (unitOf(values[row]) !== unit) odd.push(row);
    else [first, last] = [Math.min(first, own[row]), Math.max(last, own[row])];
  }
  // Milliseconds of early 1970 are as small as seconds of today: they are right as they stand.
  const plausible = odd.every((row) => isPlausible(ms[row]));
  if (plausible && ((runsInOrder(ms) && !runsInOrder(own)) || keepStep(ms, odd))) return 0;
  const among = odd.every((row) => own[row] >= first && own[row] <= last);
  const names = [...new Set([unit, ...odd.map((row) => unitOf(values[row]))])].map((index) => unitNames[index]);
  if (!odd.every((row) => isPlausible(own[row])) || !(among || runsInOrder(own))) {
    const message = `times in ${names.join(' and in ')} (row ${odd[0] + 1}: ${values[odd[0]]}) in one column`;
    throw unreadable(`Found ${message}: expected one unit. Convert the file to one unit.`, message);
  }
  for (const row of odd) ms[row] = own[row];
  notes.push(`times in ${names.join(' and in ')}: ${odd.length} read in their own unit, from row ${odd[0] + 1}`);
  return odd.length;
}

/** Whether some rows lie, once all times are sorted, as far from the next as the other rows do. */
function keepStep(ms: Float64Array, some: readonly number[]): boolean {
  const bound = some.reduce((most, row) => Math.max(most, Math.abs(ms[row])), 0);
  const sorted = ms.filter((time) => !Number.isNaN(time)).sort();
  const steps = sorted.subarray(1).map((time, k) => time - sorted[k]);
  const usual = steps.filter((step) => step > 0).sort();
  const step = usual[usual.length >> 1] ?? NaN;
  let [near, far] = [0, 0];
  for (let k = 0; k < steps.length; k++) {
    if (steps[k] === 0 || Math.abs(sorted[k]) > bound) continue;
    if (steps[k] >= step / 2 && steps[k] <= step * 10) near++;
    else far++;
  }
  return far * 20 < near;
}

/** Whether the times never turn back; rows without one do not count. */
function runsInOrder(times: Float64Array): boolean {
  let [previous, direction] = [NaN, 0];
  for (const time of times) {
    if (Number.isNaN(time)) continue;
    const next = Math.sign(time - previous) || 0;
    if (next !== 0 && direction !== 0 && next !== direction) return false;
    if (next !== 0) direction = next;
    previous = time;
  }
  return true;
}

/** A spreadsheet that writes 1735603260000 as `1.7356E+12` has lost the time; no bars lie on such round numbers. */
function refuseRounded(ms: Float64Array): void {
  let unit = 1e12;
  let [rows, repeats, previous, shortest] = [0, 0, NaN, Infinity];
  for (const time of ms) {
    if (Number.isNaN(time) || time === 0) continue;
    while (time % unit !== 0) unit /= 10;
    if (unit < 1e5) return;
    rows++;
    if (time === previous) repeats++;
    else if (!Number.isNaN(previous)) shortest = Math.min(shortest, Math.abs(time - previous));
    previous = time;
  }
  if (rows < 4 || (unit < 1e6 && !(repeats >= rows / 4 && shortest === unit))) return;
  const message = `times rounded to ${unit / 1000} seconds (${repeats} of ${rows} repeat the one before)`;
  throw unreadable(
    `Found ${message}: the spreadsheet that wrote them rounded them, as in 1.7356E+12, and the times are lost. ` +
      'Format the column as a number with 0 decimals before you save it, or export the file again.',
    message,
  );
}

function strangeTimes(values: Float64Array, ms: Float64Array, unit: string): AppError {
  const row = ms.findIndex((time) => Number.isFinite(time) && time !== 0);
  const year = new Date(ms[row]).getUTCFullYear();
  const message = `times such as ${values[row]}, which as ${unit} since 1970 are of ${year} and no bars apart`;
  return unreadable(
    `Found ${message}: they count something else. Convert them to seconds since 1970, or to text such as 2024-01-31 09:30.`,
    message,
  );
}

function clockAlone(values: Float64Array, name: string | null): AppError {
  const shown = [...values.subarray(0, 3)].join(', ');
  const message = `${name ? JSON.stringify(name.slice(0, 60)) : 'the first column'} has times of day (${shown} …) and no dates`;
  return unreadable(
    `Found no times: ${message}: seconds since midnight, which start afresh each day. Name the column of dates too: ` +
      'data.columns: {time: [date, clock]}.',
    message,
  );
}

function notTimes(values: Float64Array, name: string | null, counts: boolean): AppError {
  const column = name ? `the column ${JSON.stringify(name.slice(0, 60))}` : 'the first column';
  const shown = `${[...values.subarray(0, 3)].join(', ')}${values.length > 3 ? ' …' : ''}`;
  const message = counts ? `${column} counts bars (${shown}) and not times` : `${column} holds no times (${shown})`;
  return unreadable(
    `Found no times: ${message}. Add a column with the time of each bar, or name the one that has it in ` +
      'data.columns.time.',
    message,
  );
}

function unreadable(text: string, message: string): AppError {
  return new AppError('data_unreadable', text, { issues: [{ path: 'data.source', message }] });
}
