import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { eventSchema } from '#core/run/event.ts';
import { isFinal } from '#core/run/state.ts';
import { findTrainers } from '#trainer/run-folder/find-trainer.ts';
import { readProcess } from './process-table.ts';

/** A trainer process, and which attempt of its run it trains. */
export interface LivingTrainer {
  readonly pid: number;
  readonly attempt: number;
}

/** The living trainers of a run, by their command lines. Linux only. */
export function livingTrainers(runFolder: string): readonly LivingTrainer[] {
  return findTrainers(dirname(runFolder))
    .filter(({ id }) => id === basename(runFolder))
    .flatMap(({ identity: { pid } }) => {
      const words = readProcess(pid, 'cmdline').split('\0');
      // A process that has just ended has no command line any more.
      return words.includes('--attempt') ? [{ pid, attempt: Number(words[words.indexOf('--attempt') + 1]) }] : [];
    });
}

/**
 * The last line of the log of a run whose trainer is gone, unless that is the trainer's own word that the run is completed:
 * then it came to its end, and null is answered. The log has that word before the process ends; the index, and whoever asks
 * the API, only some time after.
 */
export function missedEnd(runFolder: string, { attempt }: Pick<LivingTrainer, 'attempt'>): string | null {
  const line = readFileSync(join(runFolder, 'events.jsonl'), 'utf8').split('\n').at(-2);
  if (line === undefined) return 'an empty log';
  const { data: last } = eventSchema.safeParse(JSON.parse(line));
  const isEnd = last?.type === 'status' && isFinal(last.state) && last.attempt === attempt;
  return isEnd ? null : line;
}
