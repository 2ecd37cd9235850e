import * as tf from '@tensorflow/tfjs-core';
import { matMulProgram } from './kernels/mat-mul.ts';

/** Settings of tfjs' WebGPU backend, each for a reason. To be called once its package is loaded. */
export function setFlags(): void {
  const env = tf.env();
  // Products inside other kernels (1×1 convolutions) would else take the split one, which adds floats atomically, in any
  // order: equal input would give unequal bits. Our MatMul kernel chooses by shape.
  env.set('WEBGPU_MATMUL_PROGRAM_TYPE', matMulProgram.packed);
  // The gradient of a convolution's input as a tiled product, not one thread an element.
  env.set('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE', false);
}
