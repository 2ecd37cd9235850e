import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#core/error.ts';
import { exitCodes } from '#core/run/exit-code.ts';
import type { ControlRequest } from '#core/run/control.ts';
import type { RunView } from '#core/run/reduce.ts';
import { readControl, writeControl } from '#trainer/run-folder/control.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import type { ProcessIdentity } from '#trainer/run-folder/process-identity.ts';
import { climbLadder, type LadderTimes } from './cancel-ladder.ts';
import type { Launcher, ProcessEnd } from './launcher.ts';
import type { StatedStatus } from './state-log.ts';

/** A trainer at work: which attempt of which run, in which process, on which device. */
export interface TrainerAtWork {
  readonly id: string;
  readonly runFolder: string;
  readonly attempt: number;
  readonly device: string;
  readonly identity: ProcessIdentity;
  /** How it ended, once that is known; null for an adopted process, whose exit code this process never gets. */
  readonly end: (() => ProcessEnd | null) | null;
}

/** A trainer that is being watched: what was asked of it, and why it ended. */
export class WatchedTrainer {
  readonly device: string;
  readonly attempt: number;
  readonly identity: ProcessIdentity;
  readonly #at: TrainerAtWork;
  #stopping = false;
  #cancelled = false;
  /** Checkpoint that was asked for last, and what the log said of that name then. */
  #asked: { readonly name: string; readonly before: string | undefined; readonly request: number } | null = null;

  constructor(at: TrainerAtWork) {
    this.#at = at;
    this.device = at.device;
    this.attempt = at.attempt;
    this.identity = at.identity;
  }

  /** A request to stop was made and is being followed up. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Asks it to stop because a person wants that. @throws where the request cannot be written; it counts all the same. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.ask({ want: 'stop' });
  }

  /** Whether a person wanted it to stop, of this process or of one before it. */
  async isCancelled(): Promise<boolean> {
    return this.#cancelled || isStopAsked(this.#at.runFolder, this.attempt);
  }

  /** Another process that has taken over this attempt; null where there is none. */
  findSuccessor(): WatchedTrainer | null {
    const identity = findTrainer(this.#at.runFolder, this.attempt);
    return identity === null ? null : new WatchedTrainer({ ...this.#at, identity, end: null });
  }

  /** Makes sure, once, that it ends: signals the process if it does not end by itself, as long as `isWatched` holds. */
  async followStop(launcher: Launcher, times: LadderTimes, isWatched: () => boolean): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const { identity } = this;
    await climbLadder(
      {
        ended: () => !isWatched() || !launcher.isAlive(identity),
        signal: (signal) => void launcher.signal(identity, signal),
      },
      times,
    );
  }

  /** Changes some of what is wanted of it; the rest stays as it was asked for. */
  async ask(wish: Partial<ControlRequest>): Promise<void> {
    const { runFolder, attempt } = this.#at;
    // A checkpoint that was asked for a moment ago may not have been read yet.
    const before = await readControl(runFolder);
    const kept = before?.attempt === attempt ? before : { want: 'run' as const };
    await writeControl(runFolder, { ...kept, attempt, ...wish });
  }

  /** @param checkpoints what the log says of them now. @throws AppError state_conflict while another is still asked for. */
  async askCheckpoint(name: string, checkpoints: RunView['checkpoints']): Promise<void> {
    const asked = this.#asked;
    // The control file holds one request: a second one would overwrite the first before it is read.
    if (asked !== null && checkpoints[asked.name]?.at === asked.before) {
      throw new AppError(
        'state_conflict',
        `Run ${this.#at.id} is still to save checkpoint ${asked.name}. Try again in a moment.`,
      );
    }
    const request = Math.max(asked?.request ?? 0, (await readControl(this.#at.runFolder))?.request ?? 0) + 1;
    this.#asked = { name, before: checkpoints[name]?.at, request };
    await this.ask({ checkpoint: name, request });
  }

  /** What is to be said of it, now that it has ended without saying how. */
  async lastWord(): Promise<StatedStatus> {
    const end = await this.#waitForEnd();
    if (await this.isCancelled()) return cancelledWord(`the trainer ${describeEnd(end)}`);
    if (end?.code === exitCodes.diskFull) {
      const reason =
        'The disk that holds the runs was full, and the trainer could not write how the run ended. Free some space, then ' +
        'resume it from its last checkpoint.';
      return { state: 'interrupted', cause: 'disk_full', reason };
    }
    // SIGKILL that nobody here sent: that is how the system ends a process when memory runs out.
    const reason =
      end?.signal === 'SIGKILL'
        ? 'The trainer was killed (SIGKILL), probably by the system for want of memory. Resume it from its last checkpoint ' +
          'with more memory free, or fork it with a smaller train.batch_size, model.lookback or model.variant.'
        : `The trainer ${describeEnd(end)} without saying why; what it printed is in trainer.log.`;
    return { state: 'interrupted', cause: 'gone', reason };
  }

  /** The process table shows the death of a child before the event loop is told how it died. */
  async #waitForEnd(): Promise<ProcessEnd | null> {
    const { end } = this.#at;
    if (end === null) return null;
    for (let looks = 0; end() === null && looks < 50; looks++) await sleep(20);
    return end();
  }
}

/** Whether `control.json` asks this attempt to stop. */
export async function isStopAsked(runFolder: string, attempt: number): Promise<boolean> {
  const control = await readControl(runFolder);
  return control?.want === 'stop' && (control.attempt ?? attempt) === attempt;
}

/** Of an attempt that was to stop, and whose process is gone. */
export function cancelledWord(how: string): StatedStatus {
  const reason = `Cancelled; ${how} without a last word. What it did after its last checkpoint is lost.`;
  return { state: 'cancelled', reason };
}

function describeEnd(end: ProcessEnd | null): string {
  if (end === null) return 'ended';
  return end.signal === null ? `ended with exit code ${String(end.code)}` : `was ended by ${end.signal}`;
}
