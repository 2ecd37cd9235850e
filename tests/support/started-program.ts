import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** A program of this project that goes on until it is ended. */
export interface StartedProgram {
  readonly pid: number;
  /** All that was printed so far. */
  output(): string;
  /** Sends a signal, where the program is there. Resolves with the status it ended with; null where a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  /** In a process group of its own: Ctrl+C in the terminal of the test is not meant for it. */
  readonly detached?: boolean;
  /** Asks an address; `fetch` if not said. */
  readonly ask?: (address: string) => Promise<Response>;
}

/** Starts a program and waits until it answers at these addresses. Throws what it printed where it ends before. */
export async function startProgram(
  script: string,
  addresses: readonly string[],
  { env, detached = false, ask = fetch }: StartOptions,
): Promise<StartedProgram> {
  const child = spawn(process.execPath, [script], {
    cwd: project,
    detached,
    env: { ...process.env, NODE_ENV: 'production', VITEST: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const failure = () => `${script} did not start:\n${printed}`;
  for (const address of addresses) {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(failure());
      return ask(address).then(
        (answer) => answer.ok,
        () => false,
      );
    }, failure);
  }
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    end: (signal) =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode);
        child.once('exit', (code) => done(code));
        child.kill(signal);
      }),
  };
}
