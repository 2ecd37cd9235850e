import type { WebgpuKernel } from './kernel.ts';
import { adamw } from './kernels/adamw-step.ts';
import { addN } from './kernels/add-n.ts';
import { dropout } from './kernels/dropout.ts';
import { gelu, geluGrad } from './kernels/gelu.ts';
import { layerNorm, layerNormGrad } from './kernels/layer-norm.ts';
import { matMul } from './kernels/mat-mul.ts';
import { sum } from './kernels/sum.ts';
import { windows } from './kernels/windows.ts';

/** Every kernel we add to the webgpu backend, or put in the place of a shipped one. */
export const webgpuKernels: readonly WebgpuKernel[] = [
  matMul,
  sum,
  addN,
  adamw,
  dropout,
  windows,
  layerNorm,
  layerNormGrad,
  gelu,
  geluGrad,
];
