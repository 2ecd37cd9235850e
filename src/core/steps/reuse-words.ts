import { capitalise } from '#core/capitalise.ts';
import { formatDuration } from '#core/duration.ts';
import type { StepRecord } from './step-record.ts';

const names = { data: 'bars', features: 'features', samples: 'samples' } as const;

/** How a step went, as a line of a log: "Bars reused, 3.1 s saved." or "Features computed in 2.1 s: <why>." */
export function reuseWords({ step, from, why, seconds, saved }: StepRecord): string {
  const name = capitalise(names[step]);
  if (from === 'computed') return `${name} computed in ${formatDuration(1000 * seconds)}: ${why}.`;
  const spared = saved === null || saved < 0.05 ? '' : `, ${formatDuration(1000 * saved)} saved`;
  return from === 'kept' ? `${name} as they were kept${spared}: the file was not read.` : `${name} reused${spared}.`;
}

/** What of its work a run has not done again: "bars, features reused, 11 s saved"; null where nothing is worth telling. */
export function savedWords(records: readonly StepRecord[]): string | null {
  const reused = records.filter(({ from }) => from !== 'computed');
  const saved = reused.reduce((sum, one) => sum + (one.saved ?? 0), 0);
  if (reused.length === 0) return null;
  const what = `${reused.map(({ step }) => names[step]).join(', ')} reused`;
  return saved < 0.05 ? what : `${what}, ${formatDuration(1000 * saved)} saved`;
}
