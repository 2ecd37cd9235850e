import * as tf from '@tensorflow/tfjs-core';
import type { Binding } from '#trainer/engines/native/binding.ts';
import { describeEngine } from '#tests/trainer/engines/conformance.ts';

// Handles that TensorFlow holds, beside the tensors that tfjs counts.
describeEngine('native', { held: () => (tf.backend() as unknown as { binding: Binding }).binding.getNumOfTensors() });
