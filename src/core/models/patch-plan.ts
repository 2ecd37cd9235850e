/** Bars from the start of one patch to the start of the next. */
export const patchStride = 8;

/** Bars of a patch: 16, or the whole of a shorter window. */
export function patchLength(lookback: number): number {
  return Math.min(16, lookback);
}

/** Patches of a window whose last bar is repeated `patchStride` times at its end. */
export function countPatches(lookback: number): number {
  return Math.floor((lookback - patchLength(lookback)) / patchStride) + 2;
}
