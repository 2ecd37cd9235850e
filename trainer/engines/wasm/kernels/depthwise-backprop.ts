import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ConvInfo, eachTap } from './patches.ts';
import { defineKernel, floats } from './wasm-backend.ts';

type Shape4 = [number, number, number, number];

interface Attrs {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(inputShape: Shape4, filterShape: Shape4, attrs: Attrs): ConvInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations, pad, dimRoundingMode, true);
}

/** dL/dfilter of a depthwise convolution; the backend has no such kernel. */
export const depthwiseBackpropFilter = defineKernel<
  { readonly x: TensorInfo; readonly dy: TensorInfo },
  Attrs & { readonly filterShape: Shape4 }
>('DepthwiseConv2dNativeBackpropFilter', () => ({ inputs, attrs, backend }) => {
  const info = geometry(inputs.x.shape as Shape4, attrs.filterShape, attrs);
  const multiplier = info.outChannels / info.inChannels;
  const out = backend.makeOutput([...attrs.filterShape], 'float32');
  const x = floats(backend, inputs.x);
  const dy = floats(backend, inputs.dy);
  // Each weight gathers a term from every position of the batch: kept in double precision until the end.
  const totals = new Float64Array(tf.util.sizeFromShape(attrs.filterShape));
  eachTap(info, (pixel, tap, position) => {
    let weight = tap * info.outChannels;
    let output = position * info.outChannels;
    for (let channel = 0; channel < info.inChannels; channel++) {
      const value = x[pixel * info.inChannels + channel];
      for (let copy = 0; copy < multiplier; copy++) totals[weight++] += value * dy[output++];
    }
  });
  floats(backend, out).set(totals);
  return out;
});

/** dL/dx of a depthwise convolution; the backend has no such kernel. */
export const depthwiseBackpropInput = defineKernel<
  { readonly dy: TensorInfo; readonly filter: TensorInfo },
  Attrs & { readonly inputShape: Shape4 }
>('DepthwiseConv2dNativeBackpropInput', () => ({ inputs, attrs, backend }) => {
  const info = geometry(attrs.inputShape, inputs.filter.shape as Shape4, attrs);
  const multiplier = info.outChannels / info.inChannels;
  const out = backend.makeOutput([...attrs.inputShape], 'float32');
  const dy = floats(backend, inputs.dy);
  const filter = floats(backend, inputs.filter);
  const dx = floats(backend, out);
  dx.fill(0);
  eachTap(info, (pixel, tap, position) => {
    let weight = tap * info.outChannels;
    let output = position * info.outChannels;
    for (let channel = 0; channel < info.inChannels; channel++) {
      let total = 0;
      for (let copy = 0; copy < multiplier; copy++) total += filter[weight++] * dy[output++];
      dx[pixel * info.inChannels + channel] += total;
    }
  });
  return out;
});
