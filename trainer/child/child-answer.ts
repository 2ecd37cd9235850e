import { text } from 'node:stream/consumers';
import { AppError, type ErrorCode, errorCodes, type Issue } from '#core/error.ts';

/** First line of a child's answer on stdout; bytes may follow it. */
type Head =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly issues: readonly Issue[] };

/**
 * In the child: reads the request, does the work, and writes its answer, a refusal as one. What is no AppError ends the
 * child with its stack.
 */
export async function answerRequest<Request>(
  work: (request: Request) => Promise<{ readonly result: unknown; readonly bytes?: Uint8Array }>,
): Promise<void> {
  // Whoever asked is gone, by kill −9 too: nobody needs the answer. It must not keep the process alive either.
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
  const request = JSON.parse(await text(process.stdin)) as Request;
  const answer = await work(request).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return error;
  });
  const head: Head =
    answer instanceof AppError
      ? { ok: false, code: answer.code, message: answer.message, issues: answer.issues }
      : { ok: true, result: answer.result };
  process.stdout.write(`${JSON.stringify(head)}\n`);
  if (!(answer instanceof AppError) && answer.bytes) process.stdout.write(answer.bytes);
}

/** In the parent: the result and the bytes behind it. @throws AppError that the child refused with */
export function readChildAnswer(bytes: Buffer): { readonly result: unknown; readonly bytes: Buffer } {
  const end = bytes.indexOf(10);
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  if (head.ok) return { result: head.result, bytes: bytes.subarray(end + 1) };
  const code = errorCodes.includes(head.code) ? head.code : 'internal';
  throw new AppError(code, head.message, { issues: head.issues });
}
