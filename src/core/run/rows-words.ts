import { countWords } from '#core/count-words.ts';
import type { EvaluatedRows } from './evaluation.ts';
import { isScoredAlike, scoredRows, type Selected } from './run-ranking.ts';
import type { RunSummary } from './summary.ts';

/** What is asked of a run to compare the rows that it is ranked on. */
type EvaluatedRun = Pick<RunSummary, 'evaluation' | 'engine' | 'finishedAt'> & Selected;

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/**
 * In what the rows differ that two runs are ranked on, from the first one's side and in UTC, e.g. "other rows: from 22 March
 * instead of 17 April"; null where they are the same.
 */
export function rowsDifference(own: EvaluatedRun, other: EvaluatedRun): string | null {
  const [rows, others] = [own.evaluation?.validation, other.evaluation?.validation];
  if (rows === undefined) return whyUnknown(own);
  if (others === undefined) return whyUnknown(other);
  if (rows.key === others.key) {
    if (isScoredAlike(own, other)) return null;
    const [scored, otherwise] = [scoredRows(own), scoredRows(other)].map((count) => whole.format(count ?? NaN));
    return `other rows: scored on ${scored} instead of ${otherwise}, for features, lookback and gaps take rows away`;
  }
  if (rows.horizon !== others.horizon) {
    return `other horizon: ${countWords(rows.horizon, 'bar')} instead of ${others.horizon}`;
  }
  const ends = [
    ...(rows.from === others.from ? [] : [`from ${insteadOf(rows.from, others.from)}`]),
    ...(rows.to === others.to ? [] : [`to ${insteadOf(rows.to, others.to)}`]),
  ];
  if (ends.length > 0) return `other rows: ${ends.join(', ')}`;
  if (rows.rows !== others.rows)
    return `other rows: ${whole.format(rows.rows)} instead of ${whole.format(others.rows)}`;
  return 'other prices or labels in the same rows';
}

/** Rows in words: '17 April 2022 to 19 October 2022, 12 bars ahead, up to 6,801 rows'. Days are those of UTC. */
export function rowsInWords({ from, to, horizon, rows }: EvaluatedRows): string {
  return `${date.format(from)} to ${date.format(to)}, ${countWords(horizon, 'bar')} ahead, up to ${countWords(rows, 'row', { write: whole.format })}`;
}

function whyUnknown({ engine, finishedAt }: EvaluatedRun): string {
  if (engine !== null) return 'rows unknown: made by an older version';
  return finishedAt === null ? 'rows not known yet' : 'rows unknown: it ended before its data was read';
}

function insteadOf(one: number, other: number): string {
  const isSameYear = new Date(one).getUTCFullYear() === new Date(other).getUTCFullYear();
  const { format } = isSameYear ? day : date;
  if (format(one) !== format(other)) return `${format(one)} instead of ${format(other)}`;
  return `${format(one)}, ${clock.format(one)} instead of ${clock.format(other)}`;
}
