import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import { closeBackend } from './close-backend.ts';
import type { Engine } from './engine.ts';

/** tfjs' plain JavaScript backend: slow, and the reference our kernels are tested against. */
export async function openCpu(): Promise<Engine> {
  await tf.setBackend('cpu');
  await tf.ready();
  // This flag keeps the backend from printing an advertisement for tfjs-node on its first use. It must be reset
  // afterwards, as it also reports tensors saved by custom gradients as leaks.
  tf.env().set('IS_TEST', true);
  tf.scalar(0).dispose();
  tf.env().set('IS_TEST', false);
  return {
    name: 'cpu',
    device: 'plain JavaScript',
    version: version_cpu,
    memoryLimit: null,
    peakBytes: () => null,
    dispose: () => closeBackend('cpu'),
  };
}
