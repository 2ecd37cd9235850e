import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '#core/seeded-random.ts';

/** A living attempt of the run that is being killed. */
export interface KillableAttempt {
  /** kill -9. Resolves when the process is proved gone. */
  kill(): Promise<void>;
  /** Resolves when the attempt has ended by itself or by the kill. */
  readonly ended: Promise<void>;
}

/** What is killed, however it is run: the trainer alone, or a whole application around it. */
export interface KillableRun {
  readonly folder: string;
  /** Starts attempt `attempt` (1, then each resume) and resolves once its process is there. */
  start(attempt: number): Promise<KillableAttempt>;
  /** True once the run has ended for good. */
  isFinished(): boolean | Promise<boolean>;
}

export interface KillCycles {
  /** Kills that hit a living process. */
  readonly kills: number;
  readonly attempts: number;
  /** Bytes that the log had at each kill. */
  readonly sizes: readonly number[];
}

export interface KillPlan {
  /** Kills wanted; fewer happen where the run ends before. */
  readonly cycles: number;
  /** Decides every moment; printed by the caller on a failure. */
  readonly seed: number;
  /** Share of kills at a random time after the start, whatever the process is doing (default 0.2). */
  readonly blind?: number;
  /** Longest wait of a blind kill, ms (default 1500). */
  readonly blindMs?: number;
  /**
   * A sighted kill waits until the log has grown by up to this many bytes, then up to 50 ms more (default 10,000; start-up writes
   * about 1,500 and an epoch about 2,000).
   */
  readonly growth?: number;
}

/**
 * Starts the run, kills it at a random moment, resumes it as the next attempt, and so on; after the last kill it is left
 * to finish. Most kills wait for some growth of the log, so that every cycle gets on; the others hit start-up as well.
 */
export async function runKillCycles(run: KillableRun, plan: KillPlan): Promise<KillCycles> {
  const { cycles, seed, blind = 0.2, blindMs = 1500, growth = 10_000 } = plan;
  const random = seededRandom(seed);
  const sizes: number[] = [];
  const size = () => statSync(join(run.folder, 'events.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
  for (let attempt = 1; ; attempt++) {
    const alive = await run.start(attempt);
    let over = false;
    void alive.ended.then(() => (over = true));
    if (sizes.length >= cycles) {
      await alive.ended;
    } else if (random() < blind) {
      await Promise.race([sleep(random() * blindMs), alive.ended]);
    } else {
      const until = size() + random() * growth;
      while (!over && size() < until) await sleep(5);
      await Promise.race([sleep(random() * 50), alive.ended]);
    }
    const byItself = over;
    if (!byItself) {
      sizes.push(size());
      await alive.kill();
    }
    if (await run.isFinished()) return { kills: sizes.length, attempts: attempt, sizes };
    if (byItself) throw new Error(`Attempt ${attempt} ended by itself and the run did not.`);
  }
}
