import { AppError, type Issue, type ErrorCode } from '#core/error.ts';

/** An error as a line tells it. */
interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly issues: Issue[];
}

interface LineStreamOptions<Line> {
  /** Does the work and says lines meanwhile; answers the last one. Its signal aborts when whoever asked has left. */
  readonly work: (say: (line: Line) => void, left: AbortSignal) => Promise<Line>;
  /** The line of an error. */
  readonly failed: (error: ToldError) => Line;
  /** Of the request. */
  readonly left: AbortSignal;
  /** What is said of an error that is no AppError. */
  readonly unknown: string;
  readonly log: (error: unknown) => void;
}

/**
 * Work as lines of JSON while it goes on. What it throws before its first line is thrown here, when a refusal can still
 * be a status; later it is the last line. Who leaves ends it.
 */
export async function lineStream<Line>(options: LineStreamOptions<Line>): Promise<ReadableStream<Uint8Array>> {
  const { work, failed, left, unknown, log } = options;
  const gone = new AbortController();
  left.addEventListener('abort', () => gone.abort(left.reason), { once: true });
  const early: Line[] = [];
  let write = (line: Line): void => void early.push(line);
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const last = work((line) => {
    write(line);
    begin();
  }, gone.signal);
  await Promise.race([begun, last]);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      write = (line) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      early.forEach(write);
      last
        .then(write)
        .catch((error: unknown) => {
          const isOurs = error instanceof AppError;
          if (!isOurs && !gone.signal.aborted) log(error);
          const { code, message, issues } = isOurs ? error : new AppError('internal', unknown);
          write(failed({ code, message, issues: [...issues] }));
        })
        .finally(() => {
          if (!gone.signal.aborted) controller.close();
        });
    },
    cancel: () => gone.abort(new AppError('state_conflict', 'Nobody waits for this any more.')),
  });
}

/** What an answer of lines is sent with. */
export const lineHeaders = { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' } as const;
