import * as tf from '@tensorflow/tfjs-core';
import type { Binding } from '#trainer/ml/engine/native/binding.ts';
import { describeEngine } from '#tests/trainer/ml/engine/conformance.ts';

// Handles that TensorFlow holds, beside the tensors that tfjs counts.
describeEngine('native', { held: () => (tf.backend() as unknown as { binding: Binding }).binding.getNumOfTensors() });
