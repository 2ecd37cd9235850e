import type { TensorInfo } from '@tensorflow/tfjs-core';
import type * as tf from '@tensorflow/tfjs-core';
import { floats, type WasmBackend } from './wasm-backend.ts';

/** The geometry of one 2-D convolution, as tfjs computes it; channels are always last. */
export type ConvInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Whether the patches are the input itself: a 1×1 filter with stride 1 and no padding. */
export function patchesAreInput(info: ConvInfo): boolean {
  return (
    info.filterHeight === 1 &&
    info.filterWidth === 1 &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.padInfo.top === 0 &&
    info.padInfo.left === 0 &&
    info.outHeight === info.inHeight &&
    info.outWidth === info.inWidth
  );
}

/** Calls `visit` for every output position and filter tap that falls inside the input, with flat pixel numbers. */
export function eachTap(info: ConvInfo, visit: (pixel: number, tap: number, position: number) => void): void {
  const { top, left } = info.padInfo;
  let position = 0;
  for (let batch = 0; batch < info.batchSize; batch++) {
    for (let outRow = 0; outRow < info.outHeight; outRow++) {
      for (let outColumn = 0; outColumn < info.outWidth; outColumn++, position++) {
        for (let tapRow = 0, tap = 0; tapRow < info.filterHeight; tapRow++) {
          const row = outRow * info.strideHeight - top + tapRow * info.dilationHeight;
          for (let tapColumn = 0; tapColumn < info.filterWidth; tapColumn++, tap++) {
            const column = outColumn * info.strideWidth - left + tapColumn * info.dilationWidth;
            if (row < 0 || row >= info.inHeight || column < 0 || column >= info.inWidth) continue;
            visit((batch * info.inHeight + row) * info.inWidth + column, tap, position);
          }
        }
      }
    }
  }
}

/**
 * im2col: the input under each filter position as a row. From [batch, height, width, channels] to
 * [batch · outHeight · outWidth, filterHeight · filterWidth · channels]; zeros where the filter hangs over the edge.
 */
export function gatherPatches(backend: WasmBackend, x: TensorInfo, info: ConvInfo): TensorInfo {
  const taps = info.filterHeight * info.filterWidth;
  const channels = info.inChannels;
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const patches = backend.makeOutput([rows, taps * channels], 'float32');
  const from = floats(backend, x);
  const to = floats(backend, patches);
  to.fill(0);
  eachTap(info, (pixel, tap, position) => {
    const source = pixel * channels;
    const target = (position * taps + tap) * channels;
    for (let channel = 0; channel < channels; channel++) to[target + channel] = from[source + channel];
  });
  return patches;
}

/** col2im, the transpose of `gatherPatches`: adds every row of patches back to the pixels it was read from. */
export function scatterPatches(backend: WasmBackend, patches: TensorInfo, info: ConvInfo): TensorInfo {
  const taps = info.filterHeight * info.filterWidth;
  const channels = info.inChannels;
  const x = backend.makeOutput([...info.inShape], 'float32');
  const from = floats(backend, patches);
  const to = floats(backend, x);
  to.fill(0);
  eachTap(info, (pixel, tap, position) => {
    const source = (position * taps + tap) * channels;
    const target = pixel * channels;
    for (let channel = 0; channel < channels; channel++) to[target + channel] += from[source + channel];
  });
  return x;
}
