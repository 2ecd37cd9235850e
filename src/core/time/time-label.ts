/** A time as notes and messages have it, in UTC: `2024-01-30 04:00`, with seconds and thousandths where it has any. */
export function timeLabel(ms: number): string {
  const [date, clock] = new Date(ms).toISOString().split('T');
  return `${date} ${clock.replace(/(?::00)?\.000Z$|Z$/, '')}`;
}
