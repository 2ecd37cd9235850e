import { spawn } from 'node:child_process';

export interface Finished {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell; undefined where there is no such program. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly keep?: (line: string) => boolean } = {},
): Promise<Finished | undefined> {
  const { cwd, keep = () => true } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = collectLines(child.stdout, keep);
    const stderr = collectLines(child.stderr, () => true);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.on('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }));
  });
}

/** Keeps the lines that are wanted, so that a listing of a hundred megabytes takes no memory. */
function collectLines(stream: NodeJS.ReadableStream, keep: (line: string) => boolean): () => string {
  const kept: string[] = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (keep(line)) kept.push(line);
  });
  return () => [...kept, ...(rest !== '' && keep(rest) ? [rest] : [])].join('\n');
}

/** The last lines of a program's error output that carry information, joined into one line for a message. */
export function lastWords({ stderr, stdout }: Finished, lines = 2): string {
  const said = (stderr.trim() || stdout.trim()).split('\n').filter((line) => line.trim() !== '');
  return said
    .slice(-lines)
    .map((line) => line.trim())
    .join(' / ');
}
