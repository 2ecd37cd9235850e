import { capitalise } from '#core/capitalise.ts';
import type { EvaluatedRows } from './evaluation.ts';
import type { Envelope } from './summary.ts';

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Of a run that was made when its test rows had been seen: its choice may owe something to them. */
export const afterLookWords = 'chosen after the test was seen';

/**
 * What the next look at the test rows of a run is worth, in sentences: which rows they are, who saw them and when, and how
 * many runs came after. Days are those of UTC.
 * @param rows null where they are not known; then nothing is said of them.
 * @param scored rows that features, lookback and gaps left to be scored; null where that is not known.
 */
export function envelopeWords(
  rows: EvaluatedRows | null,
  { looks, after, self }: Envelope,
  scored: number | null = null,
): readonly string[] {
  const words =
    rows === null ? [] : [`${(scored ?? rows.rows).toLocaleString('en')} rows, ${span(rows.from, rows.to)}.`];
  if (looks.length === 0) return rows === null ? words : [...words, 'Nobody has opened these rows.'];
  const [first] = looks;
  const through = `R${first.number}${first.by === null ? '' : `, by ${first.by}`}, on ${dayOf(first.at)}`;
  const times = looks.length === 2 ? 'twice' : `${inWords(looks.length)} times`;
  const same = looks.filter((each) => each.same).length;
  const which =
    same === looks.length
      ? 'These rows were'
      : same > 0
        ? 'These rows, or some of them under another split or other labels, were'
        : 'Some of these rows were, under another split or other labels,';
  words.push(
    looks.length === 1 ? `${which} opened once: ${through}.` : `${which} opened ${times}, first through ${through}.`,
  );
  const look = looks.length === 1 ? 'that look' : 'the first look';
  if (after === 1) words.push(`One run came after ${look}${self ? ': this one' : ''}.`);
  else words.push(`${capitalise(inWords(after))} runs came after ${look}${self ? ', this one among them' : ''}.`);
  return words;
}

/** The day of a moment in UTC, as 12 Nov 2026. */
export function dayOf(iso: string): string {
  return dayText(Date.parse(iso), true);
}

function span(from: number, to: number): string {
  const [first, last] = [dayText(from, true), dayText(to, true)];
  if (first === last) return first;
  const isOneYear = new Date(from).getUTCFullYear() === new Date(to).getUTCFullYear();
  return `${dayText(from, !isOneYear)} to ${last}`;
}

/** Not by a format that is made when the module is read: every command reads it, and hardly one writes a day. */
function dayText(ms: number, withYear: boolean): string {
  const year = withYear ? 'numeric' : undefined;
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year, timeZone: 'UTC' });
}

/** Small counts as words. */
function inWords(count: number): string {
  return small[count] ?? count.toLocaleString('en');
}
