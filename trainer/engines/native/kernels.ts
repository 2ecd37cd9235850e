import * as tf from '@tensorflow/tfjs-core';
import { adamw } from './kernels/adamw-step.ts';
import type { NodeKernel } from './kernels/define.ts';
import { dense, reluGradient } from './kernels/dense.ts';
import { dropoutMask } from './kernels/dropout-mask.ts';
import { layerNorm, layerNormGradient } from './kernels/layer-norm.ts';
import { lstm, lstmGradient } from './kernels/lstm-layer.ts';
import { matMul } from './kernels/mat-mul.ts';
import { sum } from './kernels/sum.ts';

const kernels: readonly NodeKernel[] = [
  dense,
  reluGradient,
  dropoutMask,
  layerNorm,
  layerNormGradient,
  lstm,
  lstmGradient,
  matMul,
  sum,
  adamw,
];

/** Adds our kernels to the backend, or puts them in the place of shipped ones. */
export function installKernels(backendName: string): void {
  for (const { name, run } of kernels) {
    if (tf.getKernel(name, backendName) !== undefined) tf.unregisterKernel(name, backendName);
    tf.registerKernel({ kernelName: name, backendName, kernelFunc: run });
  }
}
