import type { DataConfig } from '#core/config/data.ts';
import { countWords } from '#core/count-words.ts';
import type { Quotes, Values } from '#core/quotes/quotes.ts';
import type { MarketCalendar } from '#core/sessions/market-calendar.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { day, formatTimeframe, week } from '#core/time/timeframe.ts';
import type { CleaningReport } from './cleaning-report.ts';
import type { Gap } from './gaps.ts';
import type { ValidRows } from './values.ts';

interface Findings {
  readonly report: CleaningReport;
  readonly quotes: Quotes;
  readonly invalid: ValidRows;
  /** What is to be said of rows with one time. */
  readonly conflict: string | undefined;
  /** Times of the rows dropped as strays. */
  readonly strays: readonly number[];
  /** Time of the first row off the grid, where there is one, and of how many rows. */
  readonly offGrid: { readonly first: number; readonly of: number };
  /** Bars as they were judged, before any was filled. */
  readonly time: Float64Array;
  readonly values: Values;
  /** Absences that are gaps. */
  readonly gaps: readonly Gap[];
  readonly policy: DataConfig['gaps'];
  readonly exchange: { readonly name: string; readonly calendar: MarketCalendar } | null;
}

/** What a person should know beside the counts, in plain sentences. */
export function cleaningNotes(findings: Findings): string[] {
  const { report, invalid, conflict, strays, offGrid } = findings;
  const notes: string[] = [];
  if (invalid.firstReason !== undefined) {
    notes.push(`first invalid row: data row ${invalid.firstRow + 1}, ${invalid.firstReason}`);
  }
  if (conflict !== undefined) notes.push(conflict);
  if (strays.length > 0) {
    notes.push(
      `${strays.length === 1 ? 'one row' : `${strays.length} rows`} more than a year from all others left out: ` +
        strays.slice(0, 3).map(timeLabel).join(', '),
    );
  }
  if (report.offGrid * 100 > offGrid.of) {
    notes.push(
      `${report.offGrid} of ${offGrid.of} rows lie off the grid of ${formatTimeframe(report.step)} bars and were left ` +
        `out: the first at ${timeLabel(offGrid.first)}`,
    );
  }
  notes.push(...valueNotes(findings));
  const { exchange, time } = findings;
  if (exchange && report.step <= day) {
    let outside = 0;
    for (let i = 0; i < time.length; i++) {
      if (exchange.calendar.openPart(time[i], time[i] + report.step).missing === 0) outside++;
    }
    if (outside > 0) {
      const check = outside * 2 > time.length ? '; check data.timezone' : '';
      notes.push(
        `${outside === 1 ? 'one bar lies' : `${outside} bars lie`} outside the sessions of ${exchange.name} and ` +
          `${outside === 1 ? 'was' : 'were'} kept${check}`,
      );
    }
  }
  notes.push(...gapNotes(findings));
  return notes;
}

function valueNotes({ report, quotes, time, values }: Findings): string[] {
  const notes: string[] = [];
  if (!quotes.hasVolume) notes.push('no volume column: volume is 0');
  else if (report.zeroVolume === time.length) {
    notes.push('all volumes are zero: features that read volume are switched off');
  }
  const { close } = values;
  if (close.every((price) => price === close[0])) {
    notes.push(`the close never changes: it is ${close[0]} in every bar, so that nothing can be learned from it`);
  }
  if (close.every((price) => price >= 10_000 && Math.abs(price - Math.round(price)) < 1e-6)) {
    notes.push(
      'all prices are large whole numbers, perhaps scaled by the source; used as they are (features are scale-free)',
    );
  }
  return notes;
}

function gapNotes({ report, gaps, policy }: Findings): string[] {
  const notes: string[] = [];
  if (report.untraded > 0) {
    notes.push(
      `the file lists only bars with trades: ${untradedWords(report)} without a trade, which break nothing; ` +
        'data.gaps.policy: fill makes the short ones up',
    );
  }
  const long = gaps.filter(({ from, to }) => to - from > 2 * week);
  for (const { from, to } of long.slice(0, 3)) {
    notes.push(`no bars from ${timeLabel(from)} to ${timeLabel(to)}, ${Math.round((to - from) / day)} days: a gap`);
  }
  if (long.length > 3) {
    notes.push(`${long.length === 4 ? 'one more absence' : `${long.length - 3} more absences`} of more than two weeks`);
  }
  const mean = report.bars / report.segments;
  if (report.segments > 10 && mean < 200) {
    const short = gaps.filter(({ missing }) => missing <= policy.max_fill).length;
    const next =
      policy.policy === 'break' && short * 2 >= gaps.length
        ? `data.gaps.policy: fill makes up ${short === 1 ? 'the gap' : `the ${short} gaps`} of up to ${countWords(policy.max_fill, 'bar')}`
        : 'data.gaps.policy: ignore trains across them as if no time had passed';
    notes.push(
      `${report.segments} segments of about ${Math.round(mean)} ${formatTimeframe(report.step)} bars: no window ` +
        `crosses a break; ${next}`,
    );
  }
  return notes;
}

function untradedWords({ untraded, untradedBars }: CleaningReport): string {
  if (untraded === 1) return `one absence of ${countWords(untradedBars, 'bar')}, times`;
  return `${untraded} absences of ${untradedBars} bars together, times`;
}
