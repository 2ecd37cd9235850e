import { AppError } from '#core/error.ts';
import { cellKinds, cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { columnLabel, quote } from './column-mapping.ts';
import { plainName } from './column-names.ts';
import { countClashes } from './clash.ts';
import { isTimeframeWord } from './file-instrument.ts';

const named =
  /^(?:candle|kline|bar)?(?:interval|timeframe|tf|resolution|freq|frequency|size|granularity|timespan|period|per)$/;
/** More different values than this, and a column is none of timeframes. */
const mostTimeframes = 20;

/** Whether the values of a column are lengths of bars: `1h`, `daily`, or numbers under the name `interval`. */
export function isTimeframeColumn(name: string, values: ReadonlySet<string>): boolean {
  if (values.size === 0 || values.size > mostTimeframes) return false;
  const isNamed = named.test(plainName(name));
  return [...values].every((value) => isTimeframeWord(value) || (isNamed && /^\d+$/.test(value)));
}

/**
 * Makes sure that a table has bars of one timeframe: no column of timeframes has different ones at the same time, with
 * different closes.
 *
 * @param time milliseconds; NaN where a row has no readable time
 * @throws AppError data_unreadable naming the column and its values
 */
export function requireOneTimeframe(table: RawTable, time: Float64Array, close: Float64Array): void {
  for (const [index, column] of table.columns.entries()) {
    const values = new Set<string>();
    for (let row = 0; row < table.rows && values.size <= mostTimeframes; row++) {
      if (column.kind[row] !== cellKinds.blank) values.add(cellText(column, row));
    }
    if (values.size < 2 || !isTimeframeColumn(table.names?.[index] ?? '', values)) continue;
    if (countClashes(column, time, close) === 0) continue;
    const list = [...values].map(quote).join(', ');
    const message = `${table.name} holds several timeframes: its column ${quote(columnLabel(table, index))} has ${values.size} values, ${list}`;
    throw new AppError('data_unreadable', `${message}. Keep the rows of one of them in a file of their own.`, {
      issues: [{ path: 'data.source', message }],
    });
  }
}
