import * as tf from '@tensorflow/tfjs-core';

/** Frees a backend and all its tensors, and keeps its name known, so that the engine can be opened again. */
export function closeBackend(name: string): void {
  const factory = tf.findBackendFactory(name);
  tf.removeBackend(name);
  tf.registerBackend(name, factory, 0);
}
