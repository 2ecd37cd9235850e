import { countWords } from '#core/count-words.ts';
import type { RunSummary } from './summary.ts';

/** What is wrong with the log of a run, in sentences; null where nothing is. */
export function damageWords(damage: RunSummary['damage']): string | null {
  if (damage === null) return null;
  const { quarantined, note } = damage;
  const lines =
    quarantined === 0
      ? []
      : [
          `${countWords(quarantined, 'line')} of its log could not be read and ${quarantined === 1 ? 'was' : 'were'} left out.`,
        ];
  return [...(note === null ? [] : [note]), ...lines].join(' ');
}
