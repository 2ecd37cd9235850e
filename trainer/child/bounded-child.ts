import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** A program that is asked one thing: it reads a request as JSON from stdin, answers on stdout and ends. */
interface BoundedChildOptions {
  /** Path of the program. */
  readonly program: string;
  readonly request: unknown;
  readonly timeoutMs: number;
  /** Heap of the child in MiB. */
  readonly memoryMb: number;
  readonly signal?: AbortSignal | undefined;
  /** All that it is to see of our environment; NODE_OPTIONS least of all. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether runs that are at work go first. */
  readonly yields?: boolean;
  /** Called with each message of the child, and a way to answer it. */
  readonly onMessage?: (message: unknown, answer: (reply: unknown) => void) => void;
}

/** How a child ended without an answer. */
export class ChildStopped extends Error {
  override readonly name = 'ChildStopped';
  /** time: it was stopped after `timeoutMs`; memory: it ended by itself, most likely for want of it. */
  readonly reason: 'time' | 'memory';
  /** Its exit code; null where a signal ended it. */
  readonly code: number | null;

  constructor(reason: 'time' | 'memory', code: number | null) {
    super(`The child was stopped (${reason}).`);
    this.reason = reason;
    this.code = code;
  }
}

/** Far above what any child writes; one that writes more is stopped. */
const maxAnswer = 1 << 30;

/**
 * Runs a program in a child process of bounded time and memory, so that neither a hostile nor a merely large task can stall
 * or end the caller. Answers what it wrote to stdout.
 * @throws ChildStopped where it ran out of time or memory; the signal's reason where it was aborted
 */
export async function runBoundedChild(options: BoundedChildOptions): Promise<Buffer> {
  const { program, request, timeoutMs, memoryMb, signal, env, yields = false, onMessage } = options;
  signal?.throwIfAborted();
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memoryMb}`, '--disable-warning=ExperimentalWarning', program],
    { stdio: ['pipe', 'pipe', 'ignore', 'ipc'], env },
  );
  if (yields) yieldToRuns(child.pid);
  let timedOut = false;
  const kill = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error('The child was given no pipes.');
    stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxAnswer) kill();
      else chunks.push(chunk);
    });
    const reply = (message: unknown): void => {
      // A child that has ended meanwhile needs no answer.
      if (child.connected) child.send(message as object, () => undefined);
    };
    child.on('message', (message) => onMessage?.(message, reply));
    const closed = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    // A child that dies early closes the pipe; its exit says more than the EPIPE.
    stdin.on('error', () => undefined);
    stdin.end(JSON.stringify(request));
    const code = await closed;
    signal?.throwIfAborted();
    if (timedOut) throw new ChildStopped('time', code);
    if (code !== 0) throw new ChildStopped('memory', code);
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    if (child.exitCode === null) kill();
  }
}

/** A run that starts meanwhile goes first. */
export function yieldToRuns(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has already ended, or the system forbids changing its priority: then it keeps its own.
  }
}
