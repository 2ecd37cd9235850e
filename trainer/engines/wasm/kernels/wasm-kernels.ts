import { attention, attentionGradient } from './attention.ts';
import { batchMatMul } from './batch-mat-mul.ts';
import { adamw } from './adamw-step.ts';
import { binaryKernels } from './binary.ts';
import { broadcastBinary } from './broadcast-binary.ts';
import { cast } from './cast.ts';
import { causalConv, causalConvGradient } from './causal-conv.ts';
import { concat, pack } from './concat.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { dense } from './dense.ts';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise-backprop.ts';
import { dropout } from './dropout.ts';
import { fusedMatMul } from './fused-mat-mul.ts';
import { gelu, geluGradient, reluGradient } from './activation-gradients.ts';
import { gru, gruGradient } from './gru-layer.ts';
import { identity } from './identity.ts';
import { layerNorm, layerNormGradient } from './layer-norm.ts';
import { lstm, lstmGradient } from './lstm-layer.ts';
import { pad } from './pad.ts';
import { slice } from './slice.ts';
import { split, unpack } from './split.ts';
import { softmax } from './softmax.ts';
import { mean, sum } from './sum.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { unaryKernels } from './unary.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';
import type { WasmKernel } from './wasm-backend.ts';
import { windows } from './windows.ts';

/** Every kernel we add to the wasm backend, or put in the place of a shipped one. */
export const wasmKernels: readonly WasmKernel[] = [
  transpose,
  batchMatMul,
  fusedMatMul,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  unsortedSegmentSum,
  identity,
  cast,
  slice,
  pad,
  split,
  unpack,
  concat,
  pack,
  sum,
  mean,
  tile,
  softmax,
  adamw,
  dropout,
  windows,
  dense,
  attention,
  attentionGradient,
  causalConv,
  causalConvGradient,
  lstm,
  lstmGradient,
  gru,
  gruGradient,
  layerNorm,
  layerNormGradient,
  gelu,
  geluGradient,
  reluGradient,
  ...unaryKernels,
  ...binaryKernels,
  ...broadcastBinary,
];
