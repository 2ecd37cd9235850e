import type { RawColumn } from '#core/table/column.ts';
import type { TextStore } from '#core/table/text-store.ts';
import { ambiguousParts, type DateOrder, parseTimeText } from '#core/time/time-text.ts';

/**
 * Decides whether the month or the day comes first: by dates that can be read in one way only, else by the reading in
 * which times run in order.
 */
export function findDateOrder({ texts }: Pick<RawColumn, 'texts'>, rows: number, notes: string[]): DateOrder {
  if (texts === null) return 'month-first';
  let [firstOver, secondOver, total] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const parts = ambiguousParts(texts.at(row));
    if (!parts) continue;
    total++;
    if (parts[0] > 12) firstOver++;
    if (parts[1] > 12) secondOver++;
  }
  if (total === 0) return 'month-first';
  if (firstOver !== secondOver) return firstOver > secondOver ? 'day-first' : 'month-first';
  const order = turns(texts, rows, 'day-first') < turns(texts, rows, 'month-first') ? 'day-first' : 'month-first';
  notes.push(`dates could be month or day first: read as ${order}`);
  return order;
}

/** How often the times of consecutive rows change direction. */
function turns(texts: TextStore, rows: number, order: DateOrder): number {
  let [count, previous, direction] = [0, NaN, 0];
  for (let row = 0; row < Math.min(rows, 10_000); row++) {
    const time = parseTimeText(texts.at(row), order);
    if (!time) continue;
    const next = Math.sign(time.ms - previous) || 0;
    if (next !== 0 && direction !== 0 && next !== direction) count++;
    if (next !== 0) direction = next;
    previous = time.ms;
  }
  return count;
}
