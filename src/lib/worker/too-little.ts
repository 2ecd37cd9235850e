import type { ErrorCode } from '#core/error.ts';

/** Whether more bars may be all that is missing. */
export function isTooLittle({ code }: { readonly code: ErrorCode }): boolean {
  return code === 'split_too_small' || code === 'warmup_too_long';
}
