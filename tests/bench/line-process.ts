import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that answers each line of its input by one line of JSON. */
export interface LineProcess {
  /** What it said of itself when it was ready. */
  readonly greeting: unknown;
  ask(line: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a process and waits for its first line of JSON. Throws what the process last wrote to its error output where it
 * ended on its own.
 */
export async function startLineProcess(
  label: string,
  [command, ...args]: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<LineProcess> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4000)));
  // A write to a process that has ended says nothing that its end does not say.
  child.stdin.on('error', () => {});
  const ended = new Promise<string>((done) => {
    child.on('error', (error) => done(error.message));
    child.on('close', (code, signal) => done(`it ended with ${signal ?? `code ${code}`}`));
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${label}: ${await ended}. ${complaints.trim().split('\n').at(-1) ?? ''}`);
      // TensorFlow prints to the standard output too.
      if (value.startsWith('{')) return JSON.parse(value);
    }
  };
  return {
    greeting: await answer(),
    ask(line) {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
