import { formatCount, formatTime } from '#lib/ui/format.ts';
import { foldLong } from './fold-long.ts';

interface ArrangedNotes {
  readonly first: readonly string[];
  /** Folded away: nobody reads a dozen sentences before he looks at the picture. */
  readonly more: readonly string[];
}

/** Notes that a person sees before he asks for more. */
const most = 4;

/** A key of the notebook, so that the note says what can be done. */
const key = /\b(data|features|targets|model|loss|train)\.[a-z_]+/;

/**
 * Notes as a person reads them: what he can do something about first, otherwise as they came, one that says the same
 * as another once; large numbers with their thousands apart and times to the minute.
 */
export function arrangeNotes(notes: readonly string[]): ArrangedNotes {
  const shown = [...new Set(notes)].sort((a, b) => Number(key.test(b)) - Number(key.test(a))).map(readable);
  return foldLong(shown, most);
}

/** What stands in quotes is the file's own and stays as it is. */
function readable(note: string): string {
  return note
    .split(/("[^"]*")/)
    .map((part, at) => (at % 2 === 1 ? part : spaced(part)))
    .join('');
}

function spaced(text: string): string {
  return text
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => `${formatTime(Date.parse(iso))} UTC`)
    .replace(/(?<![\w.,:/#-])\d{5,15}(?![\w.,:/-]*\d|[\w:/-])/g, (digits) => formatCount(Number(digits)));
}
