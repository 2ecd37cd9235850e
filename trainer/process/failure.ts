import { AppError, type ErrorCode } from '#core/error.ts';

/** Why a run failed: a code, and a sentence for the person, without paths of this machine. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Puts any error into words for a status; what is not one of ours keeps its details for trainer.log. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  const known: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { code, name, message } = known;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return {
      code: 'disk_full',
      message: 'The disk that holds the runs is full. Free some space, then run it again.',
    };
  if (name === 'RangeError' && /allocation|Invalid array length|buffer/i.test(message))
    return {
      code: 'out_of_memory',
      message: `Memory ran out (${message}). Try a smaller batch_size, lookback or variant.`,
    };
  if (code && /^E[A-Z0-9]+$/.test(code))
    return { code: 'internal', message: `The system refused a file operation (${code}). See trainer.log.` };
  return { code: 'internal', message: `Unexpected error (${name}). See trainer.log for its details.` };
}
