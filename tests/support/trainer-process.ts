import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../trainer/process/main.ts', import.meta.url));

export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartedTrainer {
  readonly child: ChildProcess;
  readonly exit: Promise<TrainerExit>;
}

/** Starts the real trainer process on a run folder, as a launcher does; it is killed when the test ends. */
export function startTrainer(
  folder: string,
  attempt: number,
  env: Readonly<Record<string, string>> = {},
  options: { readonly detached?: boolean } = {},
): StartedTrainer {
  const log = openSync(join(folder, 'trainer.log'), 'a');
  const child = spawn(
    process.execPath,
    [program, '--run', folder, '--attempt', String(attempt), '--nonce', `test-${attempt}`],
    {
      cwd: folder,
      detached: options.detached ?? false,
      // One thread: on a busy machine two would wait for each other at every step.
      env: { PATH: process.env['PATH'], ALMANAC_HOME: dirname(dirname(folder)), ALMANAC_THREADS: '1', ...env },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = new Promise<TrainerExit>((done) => child.once('exit', (code, signal) => done({ code, signal })));
  return { child, exit };
}
