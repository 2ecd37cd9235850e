import { readdir } from 'node:fs/promises';
import { runFiles } from '#core/run/run-files.ts';
import type { RunView } from '#core/run/reduce.ts';
import { attemptsIn } from '#trainer/run-folder/attempt-lock.ts';

/** What a trainer leaves behind, whatever its log says of it. */
const traces: readonly string[] = [
  runFiles.checkpoints,
  runFiles.environment,
  runFiles.data,
  runFiles.metrics,
  runFiles.predictions,
  runFiles.testPredictions,
];

/** The highest attempt of a run that a trainer ever took the lock of; 0 where none did. */
export function highestBegun(runFolder: string): number {
  return Math.max(0, ...attemptsIn(runFolder));
}

/**
 * Of a run that is queued by its log: why it was begun already, so that the log has lost something. Null where log and
 * folder agree.
 */
export async function findLostWords(
  runFolder: string,
  view: Pick<RunView, 'attempt'>,
): Promise<{ readonly attempt: number; readonly reason: string } | null> {
  const next = Math.max(1, view.attempt);
  const begun = highestBegun(runFolder);
  const left = next === 1 ? (await readdir(runFolder)).filter((file) => traces.includes(file)) : [];
  if (begun < next && left.length === 0) return null;
  const found = [...(begun < next ? [] : [`the lock of attempt ${begun}`]), ...left].join(', ');
  const reason =
    `Its log, events.jsonl, is empty or has lost its end: by that it was never begun, but its folder holds ${found}. ` +
    'It is not trained again unasked, and nothing was changed. Put the log back from a backup and reindex, or resume ' +
    'the run from its last checkpoint.';
  return { attempt: Math.max(begun, next), reason };
}
