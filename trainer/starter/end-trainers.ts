import { findTrainers } from '#trainer/run-folder/find-trainer.ts';
import { signalProcess } from '#trainer/run-folder/process-identity.ts';

/** Ms that trainers have to end in: a step, and a checkpoint. */
const patience = 120_000;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * Ends the trainers of a runs folder where they would die with this process: SIGTERM to each, on which it saves checkpoint
 * `last` and ends its attempt `interrupted`. Resolves with the ids of those that still live after two minutes.
 */
export async function endTrainers(runsFolder: string, say: (sentence: string) => void): Promise<readonly string[]> {
  const told = new Set<string>();
  for (const end = performance.now() + patience; ; await pause(100)) {
    const living = findTrainers(runsFolder);
    const ids = living.map(({ id }) => id);
    if (living.length === 0 || performance.now() > end) return ids;
    const fresh = living.filter(({ id }) => !told.has(id));
    for (const { id, identity } of fresh) if (signalProcess(identity, 'SIGTERM')) told.add(id);
    if (fresh.length > 0) say(`all processes end with this one; waiting for checkpoint last of ${ids.join(', ')}.`);
  }
}
