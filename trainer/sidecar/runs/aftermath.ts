import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { RunView } from '#core/run/reduce.ts';
import { attemptLockPath } from '#trainer/run-folder/attempt-lock.ts';
import { readLock } from '#trainer/run-folder/lock-file.ts';
import { setProcess, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { mayGoOn } from './auto-resume.ts';
import { findLostWords, highestBegun } from './begun-attempts.ts';
import { DeviceLosses } from './device-losses.ts';
import type { StateLog } from './state-log.ts';
import { cancelledWord, isStopAsked, type WatchedTrainer } from './watched-trainer.ts';

interface AftermathOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly log: StateLog;
  /** Whether a start queues what a shutdown interrupted. */
  readonly resume: 'ask' | 'auto';
}

/**
 * What becomes of a run whose trainer is proved gone: what is said of it, and whether another attempt is queued. Whoever
 * calls has the run's turn.
 */
export class Aftermath {
  readonly #options: AftermathOptions;
  readonly #losses = new DeviceLosses();

  constructor(options: AftermathOptions) {
    this.#options = options;
  }

  /** A person wants another attempt. */
  async resume(id: string, view: RunView): Promise<void> {
    this.#losses.forget(id);
    await this.#queueAgain(id, view, 'Resumed from its last checkpoint.');
  }

  /** The trainer that was watched is gone; `isWordless`: without having said how its attempt ended. */
  async settle(id: string, trainer: WatchedTrainer, isWordless: boolean): Promise<void> {
    if (isWordless) await this.#options.log.say(id, trainer.attempt, await trainer.lastWord());
    else await this.#followInterruption(id, trainer.attempt, () => trainer.isCancelled());
  }

  /** A run is live by its log and has no trainer. */
  async giveUp(id: string, attempt: number): Promise<void> {
    const { db, log } = this.#options;
    const began = readLock(attemptLockPath(this.#folder(id), attempt)) !== null;
    const reason = began
      ? 'Its trainer was gone when Almanac started.'
      : 'Almanac was ended before it had started the trainer.';
    const isCancelled = await isStopAsked(this.#folder(id), attempt);
    if (isCancelled) await log.say(id, attempt, cancelledWord('its trainer ended'));
    else await log.say(id, attempt, { state: 'interrupted', cause: 'gone', reason });
    await setProcess(db, id, null);
    // Its trainer never began, so nothing was lost: the run is queued again by itself.
    if (!began && !isCancelled) await log.say(id, attempt + 1, { state: 'queued', reason });
  }

  /** At a start: follows up an interruption that nobody has, and lets the run go on by itself where that is set. */
  async reconsider({ id, process }: Pick<StoredRun, 'id' | 'process'>): Promise<void> {
    const { db, log, resume } = this.#options;
    if (process !== null) {
      await this.#followInterruption(id, process.attempt, () => isStopAsked(this.#folder(id), process.attempt));
      await setProcess(db, id, null);
    }
    if (resume === 'auto') {
      const view = await log.read(id);
      if (mayGoOn(view)) await this.#queueAgain(id, view, 'Resumed from its last checkpoint by the start of Almanac.');
    }
    log.forget(id);
  }

  /** A queued run whose folder says that it was begun: its log is damaged, and a person decides. True where it is one. */
  async refuseLostWords(id: string): Promise<boolean> {
    const { log } = this.#options;
    const lost = await findLostWords(this.#folder(id), await log.read(id));
    if (lost === null) return false;
    await log.say(id, lost.attempt, { state: 'interrupted', reason: lost.reason });
    return true;
  }

  /** A trainer said that its attempt was interrupted, and is gone: it was to stop, or a lost device may come back. */
  async #followInterruption(id: string, attempt: number, isCancelled: () => Promise<boolean>): Promise<void> {
    const { log } = this.#options;
    const view = await log.read(id);
    if (view.status !== 'interrupted' || view.attempt !== attempt) return;
    if (await isCancelled()) {
      const reason = `Cancelled. ${view.reason ?? ''}`.trim();
      return log.say(id, attempt, { state: 'cancelled', reason });
    }
    const reason = view.cause === 'device_lost' ? this.#losses.note(id, view.checkpoints) : null;
    if (reason !== null) await this.#queueAgain(id, view, reason);
  }

  /** Queues the next attempt, past every one that was ever begun. */
  async #queueAgain(id: string, { attempt }: RunView, reason: string): Promise<void> {
    const begun = highestBegun(this.#folder(id));
    await this.#options.log.say(id, Math.max(attempt, begun) + 1, { state: 'queued', reason });
  }

  #folder(id: string): string {
    return join(this.#options.runsFolder, id);
  }
}
