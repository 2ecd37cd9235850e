import { choose, scale } from '#tests/support/scale.ts';
import { useSwiftShader } from '#tests/support/swiftshader.ts';
import { conformanceCases } from '../conformance-cases.ts';
import { describeEngine } from '../conformance.ts';

// A GPU in software compiles each program for up to seconds.
useSwiftShader();
describeEngine('webgpu', {
  cases: choose(conformanceCases, [
    ...[
      'relu',
      'gelu',
      'add with a row',
      'div with both sides',
      'where',
      'matMul of two matrices',
      'matMul of batches',
    ],
    ...['mean over axis 0,1', 'softmax', 'transpose 0 2 1', 'concat of the last axis', 'gather of rows', 'layer norm'],
    ...['attention', 'an AdamW step', 'dropout of single values', 'the newest steps'],
  ]),
  steps: scale(12, 2),
});
