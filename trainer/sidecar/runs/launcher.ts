import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFiles } from '#core/run/run-files.ts';
import { openPlainFileSync } from '#disk/plain-file.ts';
import {
  identifyProcess,
  isProcessAlive,
  type ProcessIdentity,
  signalProcess,
} from '#trainer/run-folder/process-identity.ts';
import type { StopSignal } from './cancel-ladder.ts';

/** What a trainer is started for. */
interface LaunchRequest {
  readonly runFolder: string;
  readonly attempt: number;
  readonly nonce: string;
  /** Settings of this start alone, e.g. those that pin it to a GPU; they win over all others. */
  readonly settings: Readonly<Record<string, string>>;
}

/** How a trainer ended, as far as this process could see. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Launched {
  readonly identity: ProcessIdentity;
  /** How it ended; null while it lives. */
  end(): ProcessEnd | null;
}

/** Starts, watches and signals trainers. The local one below; a cluster's scheduler is another. */
export interface Launcher {
  /** @throws where no process could be started; then there is none. */
  launch(request: LaunchRequest): Promise<Launched>;
  isAlive(identity: ProcessIdentity): boolean;
  /** Signals the process and all that it started; false where it was gone. */
  signal(identity: ProcessIdentity, signal: StopSignal): boolean;
}

const program = fileURLToPath(new URL('../../process/main.ts', import.meta.url));

/** Environment variables that a trainer may see. The token and everything else stay with this process. */
const passed =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|DEBUG|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CUDA_.*|NVIDIA_.*|TF_.*|XLA_.*|OMP_.*|VK_.*|MESA_.*|DRI_PRIME|ALMANAC_(GPU_.*|ALLOW_SOFTWARE_GPU|VULKAN_LIBRARY|NATIVE|THREADS))$/;

/** What a trainer, or another program that opens an engine, sees of our environment. */
export function trainerEnvironment(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (passed.test(name) && value !== undefined ? [[name, value]] : [])),
  );
}

/**
 * Starts trainers on this machine, each in a process group of its own that outlives the sidecar, with its output
 * appended to `trainer.log`. `settings` are asked for at each start.
 */
export function createLocalLauncher(
  settings: () => Readonly<Record<string, string>>,
  options: { readonly program?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Launcher {
  const clean = trainerEnvironment(options.env);
  return {
    async launch({ runFolder, attempt, nonce, settings: own }) {
      const log = openPlainFileSync(join(runFolder, runFiles.printed), 'append');
      try {
        const args = [options.program ?? program, '--run', runFolder, '--attempt', String(attempt), '--nonce', nonce];
        const child = spawn(process.execPath, args, {
          cwd: runFolder,
          detached: true,
          env: { ...clean, ...settings(), ...own },
          stdio: ['ignore', log, log],
        });
        let end: ProcessEnd | null = null;
        child.once('exit', (code, signal) => {
          end = { code, signal };
        });
        await new Promise<void>((started, failed) => {
          child.once('spawn', started);
          child.once('error', failed);
        });
        child.unref();
        // A process that has already ended is in no process table any more; a start time of -1 marks that.
        const identity = identifyProcess(child.pid) ?? { pid: child.pid ?? 0, startTicks: -1, bootId: '' };
        return { identity, end: () => end };
      } finally {
        closeSync(log);
      }
    },
    isAlive: (identity) => isProcessAlive(identity),
    signal: (identity, signal) => signalProcess(identity, signal, { group: true }),
  };
}
