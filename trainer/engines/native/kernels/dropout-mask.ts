import * as tf from '@tensorflow/tfjs-core';
import type { DropoutAttrs } from '#trainer/engines/ops/dropout.ts';
import { compileKernels, instantiateKernels, kernelNames } from '#trainer/engines/wasm/kernel-library.ts';
import { defineKernel } from './define.ts';

const page = 65_536;
/** Largest heap of a 32-bit wasm module; the library asks for exactly this. */
const maximumPages = 65_536;

/** Draws a mask into memory of its own; the floats are overwritten by the next call. */
type Draw = (attrs: DropoutAttrs, count: number) => Float32Array;

let opened: Draw | undefined;

/** The wasm engine's function for masks, on one thread: four draws at once, where JavaScript makes one. */
function openDrawing(): Draw {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
  const { kernels } = instantiateKernels(compileKernels(), memory, 0);
  const dropoutMask = kernels[kernelNames.indexOf('dropoutMask')];
  return ({ key, tweak, threshold, kept }, count) => {
    const missing = page + 4 * count - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / page));
    // The first page is the library's.
    dropoutMask(0, page, count, count, key, tweak, threshold, kept);
    return new Float32Array(memory.buffer, page, count);
  };
}

/**
 * The mask of a draw, bit for bit that of random/mask.ts. Each gets memory of its own: the library does not copy what it is
 * given on the processor, and one step holds many masks.
 */
export const dropoutMask = defineKernel<object, DropoutAttrs>('AlmanacDropoutMask', ({ attrs }) => {
  const shape = [...attrs.maskShape];
  opened ??= openDrawing();
  return tf.tensor(opened(attrs, tf.util.sizeFromShape(shape)).slice(), shape);
});
