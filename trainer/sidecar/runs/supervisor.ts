import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import { hasEnded, isLive, isResumable } from '#core/run/state.ts';
import { findRun, interruptedRuns, openRuns, setProcess, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { Aftermath } from './aftermath.ts';
import { type LadderTimes, ladderTimes } from './cancel-ladder.ts';
import { writeControl } from '#trainer/run-folder/control.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import type { Launcher } from './launcher.ts';
import { findPlace, type Place } from './place.ts';
import { requireAllowed } from './refusal.ts';
import { Rounds } from './rounds.ts';
import { Silences } from './silences.ts';
import { type Warn, warnSparingly } from './sparing-warning.ts';
import { StateLog } from './state-log.ts';
import type { Tailer } from './tailer.ts';
import { Turns } from './turns.ts';
import { type TrainerAtWork, WatchedTrainer } from './watched-trainer.ts';

interface SupervisorOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly tailer: Tailer;
  readonly launcher: Launcher;
  /** Where a run may be put, the best first; none while that is not known. Runs of one device go one after another. */
  readonly placesOf: (run: StoredRun) => readonly Place[];
  /** Runs at once on all devices; null: no limit beyond one a device. */
  readonly concurrency: number | null;
  /** Whether a start queues what a shutdown interrupted. */
  readonly resume: 'ask' | 'auto';
  readonly warn: Warn;
  readonly now?: () => Date;
  /** Ms, monotonic: by it a trainer is told to have gone silent. */
  readonly clock?: () => number;
  /** Told of a run that has gone silent or speaks again, which is no event. */
  readonly changed?: (id: string) => void;
  readonly nonce?: () => string;
  readonly times?: LadderTimes;
  /** Ms between two looks at the logs of living runs. */
  readonly interval?: number;
}

/** Ms until a failed start is tried again, and until the same problem is reported again. */
const retryAfter = 5000;

/**
 * The one that queues, starts, watches and ends runs of a workspace. States change only through events in the log. One
 * thing at a time a run: two requests, or a request and the watch, never interleave.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #nonce: () => string;
  readonly #warn: Warn;
  readonly #log: StateLog;
  readonly #watched = new Map<string, WatchedTrainer>();
  readonly #turns = new Turns();
  readonly #aftermath: Aftermath;
  readonly #silences: Silences;
  readonly #rounds: Rounds;
  #hasStarted = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#nonce = options.nonce ?? (() => randomBytes(12).toString('hex'));
    this.#warn = warnSparingly(options.warn, retryAfter);
    const { db, runsFolder, tailer, resume, now = () => new Date(), clock = () => performance.now() } = options;
    this.#log = new StateLog(runsFolder, tailer, now);
    this.#aftermath = new Aftermath({ db, runsFolder, log: this.#log, resume });
    this.#silences = new Silences(clock, now);
    this.#rounds = new Rounds({
      look: () => this.#lookAtAll(),
      onWake: () => this.#startQueued().catch((error: unknown) => this.#warn('Starting queued runs', error)),
      isNeeded: () => this.#watched.size > 0,
      interval: options.interval ?? 100,
    });
  }

  /** Runs whose trainers are at work now. */
  active(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** The run that keeps a device busy now; null where none does. */
  holderOf(device: string): string | null {
    return [...this.#watched].find(([, trainer]) => trainer.device === device)?.[0] ?? null;
  }

  /**
   * Adopts living trainers, marks lost runs, starts what is queued, and goes on watching. Until `indexed`, when every log
   * is read, a run is taken up only where somebody acts on it: what the index says of it may be old.
   */
  async start(indexed: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.#rounds.open();
    await indexed;
    if (!this.#rounds.isOpen) return;
    for (const { id } of await openRuns(this.#options.db)) await this.#takeTurn(id, () => this.#takeUp(id));
    for (const run of await interruptedRuns(this.#options.db))
      await this.#takeTurn(run.id, () => this.#aftermath.reconsider(run));
    this.#hasStarted = true;
    this.wake();
  }

  /** When a run that should be at work said its last word, as ISO time; null where it has not gone silent. */
  stalledSince(id: string): string | null {
    return this.#silences.since(id);
  }

  /** Looks at the queue: called when a run was added. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Stops watching. Trainers go on. */
  async close(): Promise<void> {
    await this.#rounds.close();
    await this.#turns.settled();
  }

  cancel(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#takeUp(id);
      const { status, attempt } = await this.#log.read(id);
      if (status === 'queued') {
        await this.#log.say(id, Math.max(1, attempt), { state: 'cancelled', reason: 'Cancelled while queued.' });
        return;
      }
      requireAllowed(isLive(status), { id, status }, 'cancelled');
      const trainer = this.#requireWatched(id);
      // Where the request cannot be written, on a full disk, the signals that follow still stop the trainer.
      await trainer.cancel().catch((error: unknown) => this.#warn(`Asking run ${id} to stop`, error));
      this.#followStop(id, trainer);
    });
  }

  pause(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#takeUp(id);
      const { status } = await this.#log.read(id);
      requireAllowed(status === 'running' || status === 'starting', { id, status }, 'paused');
      await this.#requireGoingOn(id).ask({ want: 'pause' });
    });
  }

  resume(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#takeUp(id);
      const view = await this.#log.read(id);
      const { status } = view;
      if (isResumable(status)) {
        await this.#aftermath.resume(id, view);
        this.wake();
        return;
      }
      requireAllowed(status === 'paused', { id, status }, 'resumed');
      await this.#requireGoingOn(id).ask({ want: 'run' });
    });
  }

  /** Does `work` on a run that has ended and whose process is gone; nobody resumes it meanwhile. @throws AppError state_conflict. */
  still(id: string, work: () => Promise<void>): Promise<void> {
    return this.#turns.take(id, async () => {
      const { status } = await this.#requireRun(id);
      if (!hasEnded(status)) throw new AppError('state_conflict', `Run ${id} is ${status}. Cancel it first.`);
      // Its last word is read a moment before its process has gone.
      for (let looks = 0; this.#watched.has(id) && looks < 100; looks++) await this.#look(id).then(() => sleep(50));
      if (this.#watched.has(id)) throw new AppError('state_conflict', `The process of run ${id} is still ending.`);
      await work();
    });
  }

  checkpoint(id: string, name: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#takeUp(id);
      const { status, checkpoints } = await this.#log.read(id);
      requireAllowed(status === 'running' || status === 'paused', { id, status }, 'saved');
      await this.#requireGoingOn(id).askCheckpoint(name, checkpoints);
    });
  }

  #takeTurn(id: string, work: () => Promise<unknown>): Promise<unknown> {
    return this.#turns.take(id, work).catch((error: unknown) => this.#warn(`Taking up run ${id}`, error));
  }

  /** Before the start has come to a run that somebody acts on: looks now whether its trainer lives. */
  async #takeUp(id: string): Promise<void> {
    const run = await this.#requireRun(id);
    if (!this.#hasStarted && !this.#watched.has(id)) await this.#adopt(run);
  }

  /**
   * Of a run that nobody watches: watches its living trainer again, without writing anything, and says of one whose
   * trainer is gone what became of it.
   */
  async #adopt(run: StoredRun): Promise<void> {
    if (this.#watched.has(run.id)) return;
    const { status, attempt } = await this.#log.read(run.id);
    if (!isLive(status)) {
      if (status === 'queued') await this.#aftermath.refuseLostWords(run.id);
      return;
    }
    const recorded = run.process?.attempt === attempt ? run.process.identity : null;
    const isThere = recorded !== null && this.#options.launcher.isAlive(recorded);
    const identity = isThere ? recorded : findTrainer(this.#folder(run.id), attempt);
    if (identity === null) {
      // It may have said how it ended after its log was read and before it was looked for. Now nobody writes.
      const last = await this.#log.read(run.id);
      return isLive(last.status) ? this.#aftermath.giveUp(run.id, attempt) : this.#aftermath.reconsider(run);
    }
    const device = run.process?.device ?? this.#options.placesOf(run)[0]?.device ?? 'cpu';
    const trainer = this.#watch({ id: run.id, attempt, device, identity, end: null });
    if (await trainer.isCancelled()) this.#followStop(run.id, trainer);
  }

  async #lookAtAll(): Promise<void> {
    for (const id of this.#watched.keys()) {
      await this.#turns
        .take(id, () => this.#look(id))
        .catch((error: unknown) => this.#warn(`Reading the log of run ${id}`, error));
    }
  }

  async #look(id: string): Promise<void> {
    const trainer = this.#watched.get(id);
    if (trainer === undefined) return;
    // Asked before the log is read: what a process wrote before it ended is then certainly in what is read.
    const isAlive = this.#options.launcher.isAlive(trainer.identity);
    const view = await this.#log.read(id);
    if (this.#silences.look(id, view)) this.#options.changed?.(id);
    if (!isAlive) await this.#settle(id, trainer);
    // Its last event is written; a process that hangs after that is stopped, because it keeps its device.
    else if (hasEnded(view.status) || view.attempt > trainer.attempt) this.#followStop(id, trainer);
  }

  /** The trainer is gone: what it wrote is read to the end, and if it did not say how it ended, we do. */
  async #settle(id: string, trainer: WatchedTrainer): Promise<void> {
    const { status, attempt } = await this.#log.read(id);
    const isWordless = isLive(status) && attempt === trainer.attempt;
    const successor = isWordless ? trainer.findSuccessor() : null;
    if (successor !== null) {
      this.#watched.set(id, successor);
      return;
    }
    await this.#aftermath.settle(id, trainer, isWordless);
    this.#watched.delete(id);
    this.#silences.forget(id);
    this.#log.forget(id);
    await setProcess(this.#options.db, id, null);
    this.wake();
  }

  /** Starts queued runs while there are free devices. */
  async #startQueued(): Promise<void> {
    if (!this.#hasStarted) return;
    const { db, concurrency, placesOf } = this.#options;
    const open = (await openRuns(db)).filter(({ id }) => !this.#watched.has(id));
    // The disk was full, say, when its trainer could not be started: nobody could say so then.
    for (const run of open.filter(({ status }) => isLive(status))) await this.#takeTurn(run.id, () => this.#adopt(run));
    for (const run of open.filter(({ status }) => status === 'queued')) {
      if (!this.#rounds.isOpen || (concurrency !== null && this.#watched.size >= concurrency)) return;
      const taken = [...this.#watched.values()].map(({ device }) => device);
      const place = findPlace(placesOf(run), taken, { share: concurrency !== null });
      if (place === null) continue;
      await this.#turns
        .take(run.id, async () => {
          // As its log says, and not as the index was last told.
          await this.#log.read(run.id);
          const fresh = await this.#requireRun(run.id);
          if (fresh.status !== 'queued' || (await this.#aftermath.refuseLostWords(run.id))) return;
          await this.#launch(fresh, place);
        })
        .catch((error: unknown) => {
          // A full disk, say: the run stays in the queue and gets its turn when that has passed.
          this.#warn(`Starting run ${run.id}`, error);
          setTimeout(() => this.wake(), retryAfter).unref();
        });
    }
  }

  async #launch({ id, view }: StoredRun, { device, settings }: Place): Promise<void> {
    const { db, launcher } = this.#options;
    const attempt = Math.max(1, view.attempt);
    const nonce = this.#nonce();
    await setProcess(db, id, { attempt, nonce, identity: null, device });
    await writeControl(this.#folder(id), { want: 'run', attempt });
    await this.#log.say(id, attempt, { state: 'starting' });
    const request = { runFolder: this.#folder(id), attempt, nonce, settings };
    const launched = await launcher.launch(request).catch(async (error: unknown) => {
      this.#warn(`Starting run ${id}`, error);
      const reason = `The trainer could not be started: ${error instanceof Error ? error.message : String(error)}`;
      await this.#log.say(id, attempt, { state: 'interrupted', cause: 'gone', reason });
      await setProcess(db, id, null);
      return null;
    });
    if (launched === null) return;
    const { identity, end } = launched;
    // From here on only the trainer writes to the log. If storing its identity fails, the attempt lock still names it.
    this.#watch({ id, attempt, device, identity, end });
    await setProcess(db, id, { attempt, nonce, identity, device });
  }

  #watch(at: Omit<TrainerAtWork, 'runFolder'>): WatchedTrainer {
    const trainer = new WatchedTrainer({ ...at, runFolder: this.#folder(at.id) });
    this.#watched.set(at.id, trainer);
    return trainer;
  }

  #followStop(id: string, trainer: WatchedTrainer): void {
    const { launcher, times = ladderTimes } = this.#options;
    const isWatched = () => this.#rounds.isOpen && this.#watched.get(id) === trainer;
    trainer.followStop(launcher, times, isWatched).catch((error: unknown) => this.#warn(`Stopping run ${id}`, error));
  }

  #folder(id: string): string {
    return join(this.#options.runsFolder, id);
  }

  async #requireRun(id: string): Promise<StoredRun> {
    const run = await findRun(this.#options.db, id);
    if (run === undefined || run.deletedAt !== null) throw new AppError('run_not_found', `There is no run ${id}.`);
    return run;
  }

  #requireWatched(id: string): WatchedTrainer {
    const trainer = this.#watched.get(id);
    if (trainer !== undefined) return trainer;
    throw new AppError('state_conflict', `Run ${id} has no living trainer.`);
  }

  /** The trainer of a run that nobody has asked to stop. */
  #requireGoingOn(id: string): WatchedTrainer {
    const trainer = this.#requireWatched(id);
    if (trainer.isStopping) throw new AppError('state_conflict', `Run ${id} is being stopped.`);
    return trainer;
  }
}
