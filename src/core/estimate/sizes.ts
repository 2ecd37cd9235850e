import type { Variant } from '#core/config/model.ts';

/** Dense widths after the flattened window of lookback × features values; a dense head of one unit a task follows. */
export interface MlpSize {
  readonly units: readonly number[];
}

/** Residual blocks of two dilated causal convolutions; block b has dilation 2^b. The head reads the last step. */
export interface TcnSize {
  readonly channels: number;
  readonly blocks: number;
  readonly kernel: number;
}

/** Stacked GRU layers of `units` each; the head reads the last step. */
export interface GruSize {
  readonly units: number;
  readonly layers: number;
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

export const gruSizes: Readonly<Record<Variant, GruSize>> = {
  base: { units: 64, layers: 1 },
  medium: { units: 128, layers: 2 },
  large: { units: 256, layers: 3 },
};
