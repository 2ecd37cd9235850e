import * as tf from '@tensorflow/tfjs-core';
import { matMulProgram } from './kernels/mat-mul.ts';

/** A setting of tfjs' WebGPU backend, with its reason. To be called once its package is loaded. */
export function setFlags(): void {
  // Products inside other kernels (1×1 convolutions) would else take the split one, which adds floats atomically, in any
  // order: equal input would give unequal bits. Our MatMul kernel chooses by shape.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', matMulProgram.packed);
}
