import { batchMatMul } from './batch-mat-mul.ts';
import { broadcastBinary } from './broadcast-binary.ts';
import { cast } from './cast.ts';
import { concat, pack } from './concat.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise-backprop.ts';
import { fusedMatMul } from './fused-mat-mul.ts';
import { identity } from './identity.ts';
import { pad } from './pad.ts';
import { slice } from './slice.ts';
import { split, unpack } from './split.ts';
import { mean, sum } from './sum.ts';
import { tanh } from './tanh.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';
import type { WasmKernel } from './wasm-backend.ts';

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
  tanh,
  tile,
  ...broadcastBinary,
];
