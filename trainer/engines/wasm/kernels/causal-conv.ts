import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CausalConvAttrs } from '#trainer/engines/ops/causal-conv.ts';
import { addUp } from './partials.ts';
import { matrix, packedFloats, productFloats, withPacked } from './packed.ts';
import { address, defineKernel, floats } from './wasm-backend.ts';

/** Elements of the batch in one chunk: enough chunks for every thread, few enough partial sums. */
const perChunk = 8;

/** Measures of a call: x [B, have·in], kernel [taps, in, channels]. */
function measure(x: TensorInfo, kernel: TensorInfo, { steps, stride }: CausalConvAttrs) {
  const [taps, width, channels] = kernel.shape;
  const have = x.shape[1] / width;
  return { batch: x.shape[0], taps, width, channels, have, steps, stride, need: stride * (steps - 1) + taps };
}

/**
 * A causal convolution with bias and ReLU in one call, over overlapping rows of the sequence where it lies: as a sum of
 * shifted products it took two copies and two passes a tap. Output [B, steps·channels].
 */
export const causalConv = defineKernel<
  { readonly x: TensorInfo; readonly kernel: TensorInfo; readonly bias: TensorInfo },
  CausalConvAttrs
>('AlmanacCausalConv', () => ({ inputs, attrs, backend }) => {
  const { x, kernel, bias } = inputs;
  const { batch, taps, width, channels, have, steps, stride, need } = measure(x, kernel, attrs);
  const y = backend.makeOutput([batch, steps * channels], 'float32');
  const product = productFloats(steps);
  const scratch = backend.pool.scratch(4 * (product + need * width));
  withPacked(backend, matrix(address(backend, kernel), taps * width, channels), (packed) => {
    backend.pool.run('causalConv', Math.ceil(batch / perChunk), [
      ...[address(backend, x), packed, address(backend, bias), address(backend, y), batch, have, width, taps, channels],
      ...[steps, stride, attrs.relu ? 1 : 0, perChunk, product, ...scratch],
    ]);
  });
  return y;
});

/** Its gradient: [dKernel, dBias, dx], without dx where `inputGradient` is false. */
export const causalConvGradient = defineKernel<
  { readonly dy: TensorInfo; readonly y: TensorInfo; readonly x: TensorInfo; readonly kernel: TensorInfo },
  CausalConvAttrs
>('AlmanacCausalConvGrad', () => ({ inputs, attrs, backend }) => {
  const { dy, y, x, kernel } = inputs;
  const { batch, taps, width, channels, have, steps, stride, need } = measure(x, kernel, attrs);
  const inner = taps * width;
  const dx = attrs.inputGradient ? backend.makeOutput(x.shape, 'float32') : undefined;
  const chunks = Math.ceil(batch / perChunk);
  const partial = backend.wasm._malloc(4 * chunks * (inner + 1) * channels) >>> 0;
  const product = productFloats(Math.max(steps, inner));
  const floatsOfThread = product + need * width + steps * channels + packedFloats(steps, channels) + steps * inner;
  const scratch = backend.pool.scratch(4 * floatsOfThread);
  withPacked(backend, matrix(address(backend, kernel), inner, channels, true), (turned) => {
    backend.pool.run('causalConvGradient', chunks, [
      ...[address(backend, dy), attrs.relu ? address(backend, y) : 0, address(backend, x), turned],
      ...[dx === undefined ? 0 : address(backend, dx), partial, batch, have, width, taps, channels, steps, stride],
      ...[perChunk, product, ...scratch],
    ]);
  });
  const sums = addUp(backend, partial, chunks, (inner + 1) * channels);
  backend.wasm._free(partial);
  const dKernel = backend.makeOutput(kernel.shape, 'float32');
  const dBias = backend.makeOutput([channels], 'float32');
  const values = floats(backend, sums);
  floats(backend, dKernel).set(values.subarray(0, inner * channels));
  floats(backend, dBias).set(values.subarray(inner * channels));
  backend.disposeData(sums.dataId);
  return dx === undefined ? [dKernel, dBias] : [dKernel, dBias, dx];
});
