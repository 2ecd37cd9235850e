import { fileURLToPath } from 'node:url';
import { type CellResult, cellResultSchema } from '#core/api/cell-answers.ts';
import { AppError } from '#core/error.ts';
import { ChildStopped, runBoundedChild } from '#trainer/child/bounded-child.ts';
import { readChildAnswer } from '#trainer/child/child-answer.ts';
import type { CellMessage, CellReply, CellTask } from './cell-task.ts';

interface CellOptions {
  readonly signal: AbortSignal;
  /** Settings of the process: those that put its engine on a device. */
  readonly env: Readonly<Record<string, string>>;
  readonly onMessage: (message: CellMessage, answer: (reply: CellReply) => void) => void;
  readonly timeoutMs?: number;
  /** Heap of the child in MiB. */
  readonly memoryMb?: number;
}

/** Runs one cell: `runCell`, or what a test puts in its place. */
export type RunCell = (task: CellTask, options: CellOptions) => Promise<CellResult>;

const program = fileURLToPath(new URL('./cell-process.ts', import.meta.url));

/**
 * Runs one cell in a child process of bounded time and memory, which gives way to runs.
 * @throws AppError of the cell; out_of_memory, or too_large where it took too long; the signal's reason where it was aborted
 */
export async function runCell(task: CellTask, options: CellOptions): Promise<CellResult> {
  const { onMessage, timeoutMs = 600_000, memoryMb = 4096, ...rest } = options;
  const bytes = await runBoundedChild({
    ...{ program, request: task, timeoutMs, memoryMb, yields: true, ...rest },
    onMessage: (message, answer) => onMessage(message as CellMessage, answer),
  }).catch((error: unknown) => {
    if (error instanceof ChildStopped) throw stopped(task, error, timeoutMs, memoryMb);
    throw error;
  });
  return cellResultSchema.parse(readChildAnswer(bytes).result);
}

function stopped({ kind }: CellTask, { reason, code }: ChildStopped, timeoutMs: number, memoryMb: number): AppError {
  if (reason === 'time')
    return new AppError(
      'too_large',
      `The ${kind} cell took more than ${timeoutMs / 1000} s and was stopped. Use fewer bars (data.range) or features; a run has no such limit.`,
    );
  return new AppError(
    'out_of_memory',
    `The ${kind} cell needed more than ${memoryMb} MiB of memory, or its process ended otherwise (${code ?? 'killed'}). Use fewer bars (data.range) or features.`,
  );
}
