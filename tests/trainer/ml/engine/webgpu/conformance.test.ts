import { useSwiftShader } from '#tests/support/swiftshader.ts';
import { describeEngine } from '../conformance.ts';

// A GPU in software compiles each program for up to seconds.
useSwiftShader();
describeEngine('webgpu');
