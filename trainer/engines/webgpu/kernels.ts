import type { WebgpuKernel } from './kernel.ts';
import { adamw } from './kernels/adamw-step.ts';
import { addN } from './kernels/add-n.ts';
import { conv2dBackpropFilter } from './kernels/conv2d-backprop-filter.ts';
import { dropout } from './kernels/dropout.ts';
import { gelu, geluGrad } from './kernels/gelu.ts';
import { layerNorm, layerNormGrad } from './kernels/layer-norm.ts';
import { fusedMatMul, matMul } from './kernels/mat-mul.ts';
import { sum } from './kernels/sum.ts';
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.ts';
import { windows } from './kernels/windows.ts';

/** Every kernel we add to the webgpu backend, or put in the place of a shipped one. */
export const webgpuKernels: readonly WebgpuKernel[] = [
  matMul,
  fusedMatMul,
  sum,
  addN,
  conv2dBackpropFilter,
  unsortedSegmentSum,
  adamw,
  dropout,
  windows,
  layerNorm,
  layerNormGrad,
  gelu,
  geluGrad,
];
