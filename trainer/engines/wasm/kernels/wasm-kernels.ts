import { attention, attentionGradient } from './attention.ts';
import { batchMatMul } from './batch-mat-mul.ts';
import { adamw } from './adamw-step.ts';
import { binaryKernels } from './binary.ts';
import { cast } from './cast.ts';
import { causalConv, causalConvGradient } from './causal-conv.ts';
import { concat, pack } from './concat.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { gelu, geluGradient, reluGradient } from './activation-gradients.ts';
import { gru, gruGradient } from './gru-layer.ts';
import { identity } from './identity.ts';
import { layerNorm, layerNormGradient } from './layer-norm.ts';
import { lstm, lstmGradient } from './lstm-layer.ts';
import { pad } from './pad.ts';
import { slice } from './slice.ts';
import { split } from './split.ts';
import { mean, sum } from './sum.ts';
import { transpose } from './transpose.ts';
import { unaryKernels } from './unary.ts';
import type { WasmKernel } from './wasm-backend.ts';
import { windows } from './windows.ts';

/** Every kernel we add to the wasm backend, or put in the place of a shipped one. */
export const wasmKernels: readonly WasmKernel[] = [
  transpose,
  batchMatMul,
  identity,
  cast,
  slice,
  pad,
  split,
  concat,
  pack,
  sum,
  mean,
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
];
