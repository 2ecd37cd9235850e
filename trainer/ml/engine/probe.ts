import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type EngineName, engines } from '#core/config/train.ts';
import { findAbsence } from './absence.ts';
import type { EngineReport } from './engine.ts';

const reportSchema = z.object({
  name: z.enum(engines),
  available: z.boolean(),
  device: z.string(),
  version: z.string(),
  reason: z.string().optional(),
  measured: z.object({ gflops: z.number(), samplesPerSecond: z.number() }).optional(),
});

/** How a probe is started: the arguments of Node, one engine's name last. */
export interface ProbeOptions {
  /** Milliseconds until a probe is killed and its engine counts as unavailable. A GPU may compile for a long time. */
  readonly timeoutMs?: number;
  /** Program that takes the engine's name; a test may give another one. */
  readonly program?: string;
}

const ownProgram = fileURLToPath(new URL('./probe-process.ts', import.meta.url));

/** Tests every engine that may be here, each in a process of its own, one after the other; available ones first, the fastest at the top. */
export async function probeEngines(options: ProbeOptions = {}): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of engines) reports.push(await probeEngine(name, options));
  return sortBySpeed(reports);
}

/** Available before unavailable, then by training speed; an unmeasured one last among its kind. */
export function sortBySpeed(reports: readonly EngineReport[]): EngineReport[] {
  const speed = (report: EngineReport) => (report.available ? (report.measured?.samplesPerSecond ?? 0) : -1);
  return [...reports].sort((a, b) => speed(b) - speed(a));
}

/** Tests one engine in a child process, unless its files are not even there. Never rejects: what goes wrong becomes the reason. */
export function probeEngine(name: EngineName, options: ProbeOptions = {}): Promise<EngineReport> {
  const { timeoutMs = 60_000, program = ownProgram } = options;
  const failed = (reason: string): EngineReport => ({ name, available: false, device: '', version: '', reason });
  const absence = program === ownProgram ? findAbsence(name) : undefined;
  if (absence !== undefined) return Promise.resolve(failed(absence));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, name], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // The report is the last line; a native library may print before it.
      output = (output + text).slice(-64_000);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve(failed(`Its test could not be started: ${error.message}.`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) {
        resolve(failed(`Its test did not finish within ${timeoutMs / 1000} s and was stopped.`));
        return;
      }
      const report = parseReport(output);
      resolve(
        report?.name === name ? report : failed(`Its test ended with ${signal ?? `code ${code}`} and no report.`),
      );
    });
  });
}

/** The report in the last line of a probe's output; undefined if there is none. */
export function parseReport(output: string): EngineReport | undefined {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    return reportSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
