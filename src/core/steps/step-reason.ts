import { describeChange } from '#core/notebook/graph.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { stepsReading } from './step-keys.ts';
import type { StepRecord } from './step-record.ts';
import { stepAncestors } from './step-settings.ts';

/**
 * Why a step was as it was: of one that was computed the keys that a fork changed and that it depends on, where there are
 * such, e.g. "features.timeframes.1h.rsi.period 14 → 21"; else what the cache says.
 */
export function reasonOfStep({ step, from, why }: StepRecord, changed: ConfigDiff): string {
  if (from !== 'computed') return why;
  const behind = [...stepAncestors(step), step];
  const keys = Object.entries(changed).filter(([key]) => stepsReading(key).some((reader) => behind.includes(reader)));
  return keys.length === 0 ? why : keys.map(([key, change]) => describeChange(key, change)).join(', ');
}
