import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import type { ControlRequest } from '#core/run/control.ts';
import type { EventBody } from '#core/run/event.ts';
import { isFinal, isLive, type RunState } from '#core/run/state.ts';
import { findRun, openRuns, setProcess, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { readLock } from '#trainer/run-folder/lock-file.ts';
import type { ProcessIdentity } from '#trainer/run-folder/process-identity.ts';
import { climbLadder, type LadderTimes, ladderTimes } from './cancel-ladder.ts';
import { readControl, writeControl } from '#trainer/run-folder/control-file.ts';
import { DeviceLosses } from './device-losses.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import type { Launcher, ProcessEnd } from './launcher.ts';
import { findPlace, type Place } from './place.ts';
import { appendSidecarEvent } from '#trainer/run-folder/sidecar-events.ts';
import type { LogPosition, Tailer } from './tailer.ts';

interface SupervisorOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly tailer: Tailer;
  readonly launcher: Launcher;
  /** Where a run may be put, the best first; none while that is not known. Runs of one device go one after another. */
  readonly placesOf: (run: StoredRun) => readonly Place[];
  /** Runs at once on all devices; null: no limit beyond one a device. */
  readonly concurrency: number | null;
  readonly warn: (message: string, error: unknown) => void;
  readonly now?: () => Date;
  readonly nonce?: () => string;
  readonly times?: LadderTimes;
  /** Ms between two looks at the logs of living runs. */
  readonly interval?: number;
}

/** The one that queues, starts, watches and ends runs of a workspace. States change only through events in the log. */
export interface Supervisor {
  /** Adopts living trainers, marks lost runs, starts what is queued, and goes on watching. */
  start(): Promise<void>;
  /** Looks at the queue: called when a run was added. */
  wake(): void;
  cancel(id: string): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  checkpoint(id: string, name: string): Promise<void>;
  /** Runs whose trainers are at work now. */
  active(): readonly string[];
  /** Stops watching. Trainers go on. */
  close(): Promise<void>;
}

/** Ms until what could not be started is tried again, and until the same trouble is reported again. */
const retryAfter = 5000;

/** Exit code of a trainer whose log could take nothing more (trainer/process/attempt.ts). */
const diskFull = 4;

interface Watched {
  readonly identity: ProcessIdentity;
  readonly attempt: number;
  readonly device: string;
  /** How it ended, once that is known; null for an adopted process, of which nobody tells us. */
  readonly end: (() => ProcessEnd | null) | null;
  view: LogPosition['view'];
  /** A request to stop was made and is being followed up. */
  stopping: boolean;
  /** Checkpoint that was asked for last, and what the log said of that name then. */
  asked: { readonly name: string; readonly before: string | undefined; readonly request: number } | null;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { db, runsFolder, tailer, launcher } = options;
  const warn = sparingly(options.warn);
  const { now = () => new Date(), nonce = () => randomBytes(12).toString('hex'), interval = 100 } = options;
  const watched = new Map<string, Watched>();
  const turns = new Map<string, Promise<unknown>>();
  const losses = new DeviceLosses();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let lookAgain = false;
  let open = false;

  const folder = (id: string) => join(runsFolder, id);

  /** One thing at a time a run: two requests, or a request and the watch, never interleave. */
  function inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (turns.get(id) ?? Promise.resolve()).then(work, work);
    turns.set(id, turn);
    const done = () => {
      if (turns.get(id) === turn) turns.delete(id);
    };
    turn.then(done, done);
    return turn;
  }

  async function requireRun(id: string): Promise<StoredRun> {
    const run = await findRun(db, id);
    if (run === undefined || run.deletedAt !== null) throw new AppError('run_not_found', `There is no run ${id}.`);
    return run;
  }

  async function append(id: string, attempt: number, body: EventBody): Promise<LogPosition> {
    const at = await tailer.ingest(id);
    const path = join(folder(id), 'events.jsonl');
    await appendSidecarEvent(path, { offset: at.offset, lastSeq: at.view.lastSeq }, attempt, body, now());
    return tailer.ingest(id);
  }

  function watch(id: string, trainer: Omit<Watched, 'stopping' | 'asked'>): void {
    watched.set(id, { ...trainer, stopping: false, asked: null });
  }

  async function control(id: string, wish: Partial<ControlRequest>): Promise<void> {
    const trainer = requireWatched(id);
    // The rest of the file stays: a checkpoint that was asked for a moment ago may not have been read yet.
    const before = await readControl(folder(id));
    const kept = before?.attempt === trainer.attempt ? before : { want: 'run' as const };
    await writeControl(folder(id), { ...kept, attempt: trainer.attempt, ...wish });
  }

  function requireWatched(id: string): Watched {
    const trainer = watched.get(id);
    if (trainer !== undefined) return trainer;
    throw new AppError('state_conflict', `Run ${id} has no living trainer.`);
  }

  function followStop(id: string): void {
    const trainer = requireWatched(id);
    if (trainer.stopping) return;
    trainer.stopping = true;
    climbLadder(
      {
        ended: () => !open || watched.get(id) !== trainer || !launcher.isAlive(trainer.identity),
        signal: (signal) => void launcher.signal(trainer.identity, signal),
      },
      options.times ?? ladderTimes,
    ).catch((error: unknown) => warn(`Stopping run ${id}`, error));
  }

  /** The trainer is gone: what it wrote is read to the end, and if it did not say how it ended, we do. */
  async function settle(id: string, trainer: Watched): Promise<void> {
    const { view } = await tailer.ingest(id);
    if (isLive(view.status)) {
      const other = findTrainer(folder(id), trainer.attempt);
      if (other !== null) {
        watch(id, { ...trainer, identity: other, end: null, view });
        return;
      }
      await append(id, trainer.attempt, { type: 'status', state: 'interrupted', reason: await lossReason(trainer) });
    } else if (view.status === 'interrupted' && (await readControl(folder(id)))?.want !== 'stop') {
      // Said by the trainer itself: its device was lost, which a new process may well open again.
      const reason = losses.note(id, view.checkpoints);
      if (reason !== null) await append(id, trainer.attempt + 1, { type: 'status', state: 'queued', reason });
    }
    watched.delete(id);
    tailer.forget(id);
    await setProcess(db, id, null);
    wake();
  }

  async function look(id: string): Promise<void> {
    const trainer = watched.get(id);
    if (trainer === undefined) return;
    // Asked before the log is read: what a process wrote before it ended is then certainly in what is read.
    const alive = launcher.isAlive(trainer.identity);
    trainer.view = (await tailer.ingest(id)).view;
    if (!alive) await settle(id, trainer);
    // It has said its last word; a process that hangs after that is ended, for it keeps its device.
    else if (isFinal(trainer.view.status) || trainer.view.status === 'interrupted') followStop(id);
  }

  async function launch(run: StoredRun, { device, settings }: Place): Promise<void> {
    const { id } = run;
    const attempt = Math.max(1, run.view.attempt);
    const name = nonce();
    await setProcess(db, id, { attempt, nonce: name, identity: null, device });
    await writeControl(folder(id), { want: 'run', attempt });
    const { view } = await append(id, attempt, { type: 'status', state: 'starting' });
    try {
      const { identity, end } = await launcher.launch({ runFolder: folder(id), attempt, nonce: name, settings });
      watch(id, { identity, end, attempt, device, view });
      await setProcess(db, id, { attempt, nonce: name, identity, device });
    } catch (error) {
      warn(`Starting run ${id}`, error);
      const reason = `The trainer could not be started: ${error instanceof Error ? error.message : String(error)}`;
      await append(id, attempt, { type: 'status', state: 'interrupted', reason });
      await setProcess(db, id, null);
    }
  }

  /** Starts queued runs while there are free devices. */
  async function fill(): Promise<void> {
    const queued = (await openRuns(db)).filter((run) => run.status === 'queued');
    for (const run of queued) {
      if (!open || (options.concurrency !== null && watched.size >= options.concurrency)) return;
      const taken = [...watched.values()].map(({ device }) => device);
      const place = findPlace(options.placesOf(run), taken, { share: options.concurrency !== null });
      if (place === null) continue;
      await inTurn(run.id, async () => {
        const fresh = await requireRun(run.id);
        if (fresh.status === 'queued') await launch(fresh, place);
      }).catch((error: unknown) => {
        // A full disk, say: the run stays in the queue and gets its turn when that has passed.
        warn(`Starting run ${run.id}`, error);
        setTimeout(wake, retryAfter).unref();
      });
    }
  }

  async function lookAtAll(): Promise<void> {
    for (const id of watched.keys()) {
      await inTurn(id, () => look(id)).catch((error: unknown) => warn(`Reading the log of run ${id}`, error));
    }
    if (!lookAgain) return;
    lookAgain = false;
    await fill().catch((error: unknown) => warn('Starting queued runs', error));
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    if (!open) return;
    timer = setTimeout(() => {
      looking = lookAtAll().finally(() => {
        if (open && (watched.size > 0 || lookAgain)) schedule(lookAgain ? 0 : interval);
        else timer = undefined;
      });
    }, delay);
  }

  function wake(): void {
    lookAgain = true;
    if (timer === undefined) schedule(0);
  }

  /** After a restart: a living trainer is watched again, a lost one is said to be lost. Nothing is written for the former. */
  async function adopt(run: StoredRun): Promise<void> {
    const { view } = await tailer.ingest(run.id);
    if (!isLive(view.status)) return;
    const recorded = run.process?.attempt === view.attempt ? run.process.identity : null;
    const alive =
      recorded !== null && launcher.isAlive(recorded) ? recorded : findTrainer(folder(run.id), view.attempt);
    const device = run.process?.device ?? options.placesOf(run)[0]?.device ?? 'cpu';
    const trainer = { attempt: view.attempt, device, end: null, view };
    if (alive === null) {
      const began = readLock(join(folder(run.id), `attempt-${view.attempt}.lock`)) !== null;
      const reason = began
        ? 'Its trainer was gone when Almanac started.'
        : 'Almanac was ended before it had started the trainer.';
      await append(run.id, view.attempt, { type: 'status', state: 'interrupted', reason });
      await setProcess(db, run.id, null);
      // Nothing has run, so nothing was lost: it takes its place in the queue again without being asked.
      if (!began) await append(run.id, view.attempt + 1, { type: 'status', state: 'queued', reason });
      return;
    }
    watch(run.id, { ...trainer, identity: alive });
    if ((await readControl(folder(run.id)))?.want === 'stop') followStop(run.id);
  }

  return {
    async start() {
      open = true;
      for (const run of await openRuns(db)) {
        await adopt(run).catch((error: unknown) => warn(`Taking up run ${run.id}`, error));
      }
      wake();
    },
    wake,
    cancel: (id) =>
      inTurn(id, async () => {
        const run = await requireRun(id);
        const status = (await tailer.ingest(id)).view.status;
        if (status === 'queued') {
          await append(id, Math.max(1, run.view.attempt), {
            type: 'status',
            state: 'cancelled',
            reason: 'Cancelled while queued.',
          });
          return;
        }
        refuse(id, 'cancelled', status, isLive(status));
        // Where the wish cannot be written down, on a full disk, the ladder's signals still carry it.
        await control(id, { want: 'stop' }).catch((error: unknown) => warn(`Asking run ${id} to stop`, error));
        followStop(id);
      }),
    pause: (id) =>
      inTurn(id, async () => {
        await requireRun(id);
        const { status } = (await tailer.ingest(id)).view;
        refuse(id, 'paused', status, status === 'running' || status === 'starting');
        refuseStopping(id);
        await control(id, { want: 'pause' });
      }),
    resume: (id) =>
      inTurn(id, async () => {
        await requireRun(id);
        const { status, attempt } = (await tailer.ingest(id)).view;
        if (status === 'interrupted') {
          losses.forget(id);
          await append(id, attempt + 1, {
            type: 'status',
            state: 'queued',
            reason: 'Resumed from its last checkpoint.',
          });
          wake();
          return;
        }
        refuse(id, 'resumed', status, status === 'paused');
        refuseStopping(id);
        await control(id, { want: 'run' });
      }),
    checkpoint: (id, name) =>
      inTurn(id, async () => {
        await requireRun(id);
        const { status, checkpoints } = (await tailer.ingest(id)).view;
        refuse(id, 'saved', status, status === 'running' || status === 'paused');
        refuseStopping(id);
        const trainer = requireWatched(id);
        const { asked } = trainer;
        // The control file holds one request: a second one would put the first aside before it is read.
        if (asked !== null && checkpoints[asked.name]?.at === asked.before) {
          throw new AppError(
            'state_conflict',
            `Run ${id} is still to save checkpoint ${asked.name}. Try again in a moment.`,
          );
        }
        const request = Math.max(asked?.request ?? 0, (await readControl(folder(id)))?.request ?? 0) + 1;
        trainer.asked = { name, before: checkpoints[name]?.at, request };
        await control(id, { checkpoint: name, request });
      }),
    active: () => [...watched.keys()],
    async close() {
      open = false;
      clearTimeout(timer);
      await looking;
      await Promise.allSettled(turns.values());
    },
  };

  function refuseStopping(id: string): void {
    if (watched.get(id)?.stopping) throw new AppError('state_conflict', `Run ${id} is being stopped.`);
  }
}

/** Says the same thing once a while: what fails at every look would else fill the terminal. */
function sparingly(warn: SupervisorOptions['warn']): SupervisorOptions['warn'] {
  let last = { message: '', at: 0 };
  return (message, error) => {
    const at = Date.now();
    if (last.message === message && at - last.at < retryAfter) return;
    last = { message, at };
    warn(message, error);
  };
}

function refuse(id: string, what: string, status: RunState, allowed: boolean): void {
  if (allowed) return;
  const why = isFinal(status)
    ? 'it has ended'
    : status === 'interrupted'
      ? 'it can only be resumed'
      : 'it is too early';
  throw new AppError('state_conflict', `Run ${id} is ${status} and cannot be ${what}: ${why}.`);
}

async function lossReason(trainer: Watched): Promise<string> {
  let end = trainer.end?.() ?? null;
  // The process table shows the death of a child before the event loop is told how it died.
  for (let looks = 0; end === null && trainer.end !== null && looks < 50; looks++) {
    await sleep(20);
    end = trainer.end();
  }
  if (end?.code === diskFull) {
    return (
      'The disk that holds the runs was full, and the trainer could not write how the run ended. Free some space, then ' +
      'resume it from its last checkpoint.'
    );
  }
  const how =
    end === null
      ? 'ended'
      : end.signal === null
        ? `ended with exit code ${String(end.code)}`
        : `was ended by ${end.signal}`;
  // Nobody asked for it and nothing could refuse it: so ends what the system takes its memory from.
  if (end?.signal === 'SIGKILL' && !trainer.stopping) {
    return (
      'The trainer was killed (SIGKILL), probably by the system for want of memory. Resume it from its last checkpoint ' +
      'with more memory free, or fork it with a smaller train.batch_size, model.lookback or model.variant.'
    );
  }
  const stopped = trainer.stopping ? ' after it was asked to stop' : '';
  return `The trainer ${how}${stopped} without saying why; what it printed is in trainer.log.`;
}
