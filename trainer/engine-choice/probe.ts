import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Architecture } from '#core/models/registry.ts';
import type { EngineName } from '#core/engines/registry.ts';
import { type EngineReport, engineReportSchema } from '#core/engines/report.ts';
import { yieldToRuns } from '#trainer/child/bounded-child.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';

/** How a probe is started. */
interface ProbeOptions {
  /** Architectures to test besides the engine itself. */
  readonly models?: readonly Architecture[];
  /** Milliseconds without a word until a probe is killed. A GPU may compile for a long time. */
  readonly timeoutMs?: number;
  /** Ends the probe; it then has no result. */
  readonly signal?: AbortSignal;
  /** Told of each report as it grows. */
  readonly onReport?: (report: EngineReport) => void;
  /** Program that takes the engine's name and those of the architectures; a test may give another one. */
  readonly program?: string;
}

/** Tests one engine: `probeEngine`, or what a test puts in its place. */
export type Probe = (name: EngineName, options?: ProbeOptions) => Promise<EngineReport | null>;

const ownProgram = fileURLToPath(new URL('./probe-process.ts', import.meta.url));

/**
 * Tests one engine in a child process, unless its files are not even there. Never rejects: what goes wrong becomes the
 * reason, of the engine or of the architecture that was being tested. Null where it was ended by `signal`.
 */
export async function probeEngine(name: EngineName, options: ProbeOptions = {}): Promise<EngineReport | null> {
  const { program = ownProgram, models = [], signal } = options;
  const absence = program === ownProgram ? engineDrivers[name].findAbsence() : undefined;
  if (absence !== undefined) return missing(name, absence);
  const { newest, trouble } = await listen(name, program, options);
  if (signal?.aborted) return null;
  if (newest === undefined) return missing(name, `Its test ${trouble ?? 'ended without a report'}.`);
  if (!newest.available) return newest;
  const untested = models.filter((model) => newest.models?.[model] === undefined);
  const reason = `the test of it ${trouble ?? 'ended without a result'}`;
  return untested.length === 0
    ? newest
    : { ...newest, models: { ...newest.models, ...Object.fromEntries(untested.map((model) => [model, { reason }])) } };
}

interface Heard {
  /** The last report that came; undefined if none did. */
  readonly newest: EngineReport | undefined;
  /** How the process failed, as the end of a sentence; undefined where it did not. */
  readonly trouble: string | undefined;
}

function listen(name: EngineName, program: string, options: ProbeOptions): Promise<Heard> {
  const { models = [], timeoutMs = 60_000, signal, onReport } = options;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, name, ...models], { stdio: ['pipe', 'pipe', 'ignore'] });
    yieldToRuns(child.pid);
    let rest = '';
    let newest: EngineReport | undefined;
    let trouble: string | undefined;
    const kill = () => void child.kill('SIGKILL');
    const stop = () => {
      trouble = `did not finish within ${timeoutMs / 1000} s and was stopped`;
      kill();
    };
    let timer = setTimeout(stop, timeoutMs);
    const done = (heard: Heard) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      resolve(heard);
    };
    if (signal?.aborted) kill();
    signal?.addEventListener('abort', kill);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // A native library may print other text before and between reports.
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-64_000);
      for (const line of lines) {
        const report = parseReport(line);
        if (report?.name !== name) continue;
        newest = report;
        clearTimeout(timer);
        timer = setTimeout(stop, timeoutMs);
        if (!signal?.aborted) onReport?.(report);
      }
    });
    child.on('error', (error) => done({ newest, trouble: `could not be started: ${error.message}` }));
    child.on('close', (code, killedBy) => {
      if (code !== 0) trouble ??= `ended with ${killedBy ?? `code ${code}`} and no report`;
      done({ newest, trouble });
    });
  });
}

function missing(name: EngineName, reason: string): EngineReport {
  return { name, available: false, device: '', version: '', reason };
}

/** The report in a line of a probe's output; undefined if it is none. */
export function parseReport(line: string): EngineReport | undefined {
  try {
    return engineReportSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
