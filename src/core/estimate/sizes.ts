import type { Variant } from '#core/config/model.ts';

/** Dense widths after the flattened window of lookback × features values; a dense head of one unit a task follows. */
interface MlpSize {
  readonly units: readonly number[];
}

/** Residual blocks of two dilated causal convolutions; block b has dilation 2^b. The head reads the last step. */
interface TcnSize {
  readonly channels: number;
  readonly blocks: number;
  readonly kernel: number;
}

/** Stacked recurrent layers of `units` each; the head reads the last step. */
export interface RecurrentSize {
  readonly units: number;
  readonly layers: number;
}

/** Blocks that mix over time, then over features through `hidden` units. */
interface TsmixerSize {
  readonly hidden: number;
  readonly blocks: number;
}

/** Encoder layers on tokens of `width` numbers; `hidden` units in each layer's feed-forward part. */
interface PatchtstSize {
  readonly width: number;
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
}

/** Numbers that the linear map over time makes of each feature. */
interface LinearSize {
  readonly outputs: number;
}

/** Widths and depths of each variant (DOMAIN 7): the models are built from these, the estimates counted from them. */
export const mlpSizes: Readonly<Record<Variant, MlpSize>> = {
  base: { units: [256, 128] },
  medium: { units: [512, 256, 128] },
  large: { units: [1024, 512, 256] },
};

export const tcnSizes: Readonly<Record<Variant, TcnSize>> = {
  base: { channels: 32, blocks: 5, kernel: 3 },
  medium: { channels: 64, blocks: 6, kernel: 3 },
  large: { channels: 128, blocks: 7, kernel: 3 },
};

export const gruSizes: Readonly<Record<Variant, RecurrentSize>> = {
  base: { units: 64, layers: 1 },
  medium: { units: 128, layers: 2 },
  large: { units: 256, layers: 3 },
};

export const lstmSizes: Readonly<Record<Variant, RecurrentSize>> = gruSizes;

export const tsmixerSizes: Readonly<Record<Variant, TsmixerSize>> = {
  base: { hidden: 64, blocks: 2 },
  medium: { hidden: 128, blocks: 4 },
  large: { hidden: 256, blocks: 8 },
};

export const patchtstSizes: Readonly<Record<Variant, PatchtstSize>> = {
  base: { width: 32, hidden: 64, heads: 4, layers: 2 },
  medium: { width: 128, hidden: 256, heads: 8, layers: 3 },
  large: { width: 256, hidden: 512, heads: 8, layers: 4 },
};

/** DOMAIN 7 has 16 throughout and grows the lookback; here a variant never sets the lookback, so the width grows. */
export const linearSizes: Readonly<Record<Variant, LinearSize>> = {
  base: { outputs: 16 },
  medium: { outputs: 32 },
  large: { outputs: 64 },
};

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
