import { join } from 'node:path';
import { AppError } from '#core/error.ts';
import type { RunEvent } from '#core/run/event.ts';
import type { Interruption } from '#core/run/interruption.ts';
import { hasEnded, isSettled } from '#core/run/state.ts';
import { runFiles } from '#core/run/run-files.ts';
import { exitCodes } from '#core/run/exit-code.ts';
import { acquireAttempt } from '#trainer/run-folder/attempt-lock.ts';
import { type Control, followControl } from '#trainer/run-folder/control.ts';
import { type EventLog, openEventLog } from '#trainer/run-folder/event-log.ts';
import { describeFailure } from './failure.ts';
import { toMetricsCsv } from './metrics-csv.ts';
import { replaceFile } from '#disk/replace-file.ts';
import { printSafely, printed } from './printing-log.ts';
import { type RunContext, type RunEnd, trainRun } from './train-run.ts';

export interface AttemptRequest extends Pick<RunContext, 'folder' | 'attempt' | 'env' | 'stage'> {
  readonly nonce: string;
  /** Writes for trainer.log. */
  readonly print?: (text: string) => void;
  /** The work between lock and terminal status; tests give one of their own. */
  readonly work?: (context: RunContext) => Promise<RunEnd>;
  readonly openLog?: (path: string, attempt: number) => EventLog;
}

/** A running attempt: what the signals of the process act on. */
export interface Attempt {
  /** Ends at the next step edge with checkpoint `last`: interrupted by this signal, unless somebody asked for a stop. */
  interrupt(signal: NodeJS.Signals): void;
  /** Ends now with status failed or interrupted: for errors that nobody awaited. */
  fail(error: unknown): number;
  /** The exit code, when the terminal status is written and the log closed. Never rejects. */
  readonly finished: Promise<number>;
}

/** What is said of the end of an attempt, in its log and by its exit code. */
interface LastWord {
  readonly state: 'completed' | 'failed' | 'cancelled' | 'interrupted';
  readonly cause?: Interruption;
  readonly reason: string;
}

/**
 * Runs one attempt of a run: takes its lock, does the work, and writes how it ended as the last event. What another
 * process can go on from is `interrupted`: a signal that nobody asked for, a full disk, a lost device. Without the lock,
 * or where the attempt has already ended, it writes nothing and answers 75.
 */
export function startAttempt(request: AttemptRequest): Attempt {
  const { folder, attempt, nonce, print = printSafely, work = trainRun, openLog = openEventLog } = request;
  const idle = (code: number, message: string): Attempt => {
    print(`${message}\n`);
    return { interrupt: () => {}, fail: () => code, finished: Promise.resolve(code) };
  };
  try {
    const lock = acquireAttempt(folder, attempt, nonce);
    if ('lostTo' in lock)
      return idle(exitCodes.lost, `Attempt ${attempt} is not ours: process ${lock.lostTo.pid} has the run.`);
    const log = printed(openLog(join(folder, runFiles.events), attempt), print);
    if (isOver(log.last, attempt)) {
      log.close();
      lock.held.release();
      return idle(exitCodes.lost, `Attempt ${attempt} has already ended: nothing is to be done.`);
    }
    return follow(log, followControl(join(folder, runFiles.control), attempt), request, print, work);
  } catch (error) {
    return idle(wordless(error), `The attempt could not begin: ${String(error)}`);
  }
}

/** Whether no attempt may go on, or not this one, until the sidecar has queued another. */
function isOver(last: RunEvent | null, attempt: number): boolean {
  if (last?.type !== 'status' || !hasEnded(last.state)) return false;
  return isSettled(last.state) || last.attempt >= attempt;
}

/** Exit code of an attempt whose log does not say how it ended. */
function wordless(error: unknown): number {
  return describeFailure(error).code === 'disk_full' ? exitCodes.diskFull : exitCodes.failed;
}

function follow(
  log: EventLog,
  control: Control,
  { folder, attempt, env, stage }: AttemptRequest,
  print: (text: string) => void,
  work: (context: RunContext) => Promise<RunEnd>,
): Attempt {
  let signal: NodeJS.Signals | null = null;
  let code: number | null = null;

  /** Writes the terminal status once. Where the log cannot take it, the sidecar decides by the exit code. */
  const end = (word: LastWord) => {
    if (code !== null) return code;
    code = exitCodes[word.state];
    try {
      log.append({ type: 'status', ...word });
      log.close();
    } catch (error) {
      code = wordless(error);
      print(`The end of the run (${word.state}: ${word.reason}) could not be written: ${String(error)}\n`);
    }
    return code;
  };

  const fail = (error: unknown): number => {
    if (code !== null) return code;
    // An expected error is explained by its message; for any other the stack is printed.
    const unforeseen = error instanceof AppError ? error.cause : error;
    if (unforeseen !== undefined)
      print(`${unforeseen instanceof Error ? (unforeseen.stack ?? unforeseen.message) : String(unforeseen)}\n`);
    const { code: name, message } = describeFailure(error);
    try {
      log.append({ type: 'log', level: 'error', message: `${name}: ${message}` });
    } catch {
      // The status says it again, and is the shorter one: a full disk may have room for that.
    }
    // No fault of the run: with space, or in a new process that opens the device again, it goes on.
    if (name !== 'device_lost' && name !== 'disk_full') return end({ state: 'failed', reason: message });
    if (control.isStopAsked()) return end({ state: 'cancelled', reason: message });
    return end({ state: 'interrupted', cause: name, reason: message });
  };

  const lastWord = ({ state, reason }: RunEnd): LastWord => {
    if (state === 'completed') return { state, reason };
    if (signal === null || control.isStopAsked()) return { state: 'cancelled', reason: toSentence(reason) };
    const who = `${signal} ended it, which nobody asked for here (a shutdown, a scheduler, a person)`;
    return { state: 'interrupted', cause: 'signal', reason: `${who}: ${reason}.` };
  };

  /** `metrics.csv` belongs to every run that got to a metric, however it ended. */
  const writeMetrics = () => replaceFile(join(folder, runFiles.metrics), toMetricsCsv(join(folder, runFiles.events)));

  const run = async (): Promise<number> => {
    try {
      const ended = await work({ folder, attempt, env, log, control, ...(stage ? { stage } : {}) });
      await writeMetrics();
      return end(lastWord(ended));
    } catch (error) {
      await writeMetrics().catch((second: unknown) => print(`metrics.csv: ${String(second)}\n`));
      return fail(error);
    }
  };

  return {
    interrupt(name) {
      signal ??= name;
      control.stop();
    },
    fail,
    finished: run(),
  };
}

function toSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
