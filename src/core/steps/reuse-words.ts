import { capitalise } from '#core/capitalise.ts';
import type { StepRecord } from './step-record.ts';

const names = { data: 'bars', features: 'features', samples: 'samples' } as const;

/** How a step went, as a line of a log: "Bars reused, 3.1 s saved." or "Features computed in 2.1 s: <why>." */
export function reuseWords({ step, from, why, seconds, saved }: StepRecord): string {
  const name = capitalise(names[step]);
  if (from === 'computed') return `${name} computed in ${toSeconds(seconds)}: ${why}.`;
  const spared = saved === null || saved < 0.05 ? '' : `, ${toSeconds(saved)} saved`;
  return from === 'kept' ? `${name} as they were kept${spared}: the file was not read.` : `${name} reused${spared}.`;
}

function toSeconds(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
