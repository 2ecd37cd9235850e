import { join } from 'node:path';
import { isSettled } from '#core/run/state.ts';
import { AppError } from '#core/error.ts';
import type { EventBody } from '#core/run/event.ts';
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
  /** Ends at the next step edge with checkpoint `last`; the status then says `reason`. */
  stop(reason: string): void;
  /** Ends now with status failed: for errors that nobody awaited. */
  fail(error: unknown): number;
  /** The exit code, when the terminal status is written and the log closed. Never rejects. */
  readonly finished: Promise<number>;
}

/**
 * Runs one attempt of a run: takes its lock, does the work, and writes the terminal status as the last event, or
 * `interrupted` where the device was lost. Without the lock, or where the run has already ended, it writes nothing and
 * answers 75.
 */
export function startAttempt(request: AttemptRequest): Attempt {
  const { folder, attempt, nonce, print = printSafely, work = trainRun, openLog = openEventLog } = request;
  const lost = (message: string): Attempt => {
    print(`${message}\n`);
    return { stop: () => {}, fail: () => exitCodes.lost, finished: Promise.resolve(exitCodes.lost) };
  };
  const lock = acquireAttempt(folder, attempt, nonce);
  if ('lostTo' in lock) return lost(`Attempt ${attempt} is not ours: process ${lock.lostTo.pid} has the run.`);
  const log = printed(openLog(join(folder, runFiles.events), attempt), print);
  if (log.last?.type === 'status' && isSettled(log.last.state)) {
    log.close();
    lock.held.release();
    return lost(`The run has already ended (${log.last.state}): nothing is to be done.`);
  }
  return follow(log, followControl(join(folder, runFiles.control), attempt), request, print, work);
}

function follow(
  log: EventLog,
  control: Control,
  { folder, attempt, env, stage }: AttemptRequest,
  print: (text: string) => void,
  work: (context: RunContext) => Promise<RunEnd>,
): Attempt {
  let stopReason: string | null = null;
  let code: number | null = null;

  /** Writes the terminal status once. Where the log cannot take it, the sidecar decides by the exit code. */
  const end = (
    state: 'completed' | 'failed' | 'cancelled' | 'interrupted',
    reason: string,
    before: readonly EventBody[] = [],
  ) => {
    if (code !== null) return code;
    code = exitCodes[state];
    try {
      for (const event of before) log.append(event);
      log.append({ type: 'status', state, reason });
      log.close();
    } catch (error) {
      code = describeFailure(error).code === 'disk_full' ? exitCodes.diskFull : exitCodes.failed;
      print(`The end of the run (${state}: ${reason}) could not be written: ${String(error)}\n`);
    }
    return code;
  };

  const fail = (error: unknown): number => {
    // An expected error is explained by its message; for any other the stack is printed.
    const unforeseen = error instanceof AppError ? error.cause : error;
    if (unforeseen !== undefined)
      print(`${unforeseen instanceof Error ? (unforeseen.stack ?? unforeseen.message) : String(unforeseen)}\n`);
    const { code: name, message } = describeFailure(error);
    // A lost device is no fault of the run: another process opens the device again and goes on (supervisor.ts).
    const state = name === 'device_lost' ? 'interrupted' : 'failed';
    return end(state, message, [{ type: 'log', level: 'error', message: `${name}: ${message}` }]);
  };

  /** `metrics.csv` belongs to every run that got to a metric, however it ended. */
  const writeMetrics = () => replaceFile(join(folder, runFiles.metrics), toMetricsCsv(join(folder, runFiles.events)));

  const run = async (): Promise<number> => {
    try {
      const { state, reason } = await work({ folder, attempt, env, log, control, ...(stage ? { stage } : {}) });
      await writeMetrics();
      return end(state, state === 'cancelled' && stopReason ? `${stopReason}: ${reason}` : reason);
    } catch (error) {
      await writeMetrics().catch((second: unknown) => print(`metrics.csv: ${String(second)}\n`));
      return fail(error);
    }
  };

  return {
    stop(reason) {
      stopReason ??= reason;
      control.stop();
    },
    fail,
    finished: run(),
  };
}
