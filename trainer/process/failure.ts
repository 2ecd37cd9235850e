import { AppError, type ErrorCode } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';

/** Why a run failed: a code, and a sentence for the person, without paths of this machine. */
interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Puts any error into words for a status; what is not one of ours keeps its details for trainer.log. */
export function describeFailure(error: unknown): Failure {
  if (isDiskFull(error))
    return {
      code: 'disk_full',
      message: 'The disk that holds the runs is full. Free some space, then resume the run from its last checkpoint.',
    };
  if (error instanceof AppError) return { code: error.code, message: error.message };
  const known: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { code, name, message } = known;
  if (isOutOfMemory(name, message))
    return {
      code: 'out_of_memory',
      message:
        `Memory ran out (${firstLine(message)}). Lower train.batch_size or model.lookback, or choose a smaller ` +
        'model.variant. The last checkpoint is unharmed.',
    };
  if (code && /^E[A-Z0-9]+$/.test(code))
    return { code: 'internal', message: `The system refused a file operation (${code}). See trainer.log.` };
  return { code: 'internal', message: `Unexpected error (${name}). See trainer.log for its details.` };
}

/** How memory runs out: V8's buffers, TensorFlow's C library and its GPU allocator, WebGPU, a WebAssembly heap. */
const exhaustions: readonly RegExp[] = [
  /^RangeError: .*(allocation|Invalid array length|buffer)/i,
  /OOM when allocating|RESOURCE_EXHAUSTED|Resource exhausted|bad_alloc|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate/i,
  /GPUOutOfMemoryError|VK_ERROR_OUT_OF_(DEVICE|HOST)_MEMORY|E_OUTOFMEMORY/,
  /out[ -]of[ -]memory|not enough memory|cannot enlarge memory/i,
];

function isOutOfMemory(name: string, message: string): boolean {
  return exhaustions.some((pattern) => pattern.test(`${name}: ${message}`));
}

/** Its first line, in a length that a status bears; paths of this machine are no part of it. */
function firstLine(message: string): string {
  const line = message
    .split('\n')[0]
    .replace(/(?:[A-Za-z]:)?[\\/](?:[^\s\\/:]+[\\/])+[^\s\\/:]*/g, '…')
    .trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
