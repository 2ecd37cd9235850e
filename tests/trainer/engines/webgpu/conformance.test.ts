import { vi } from 'vitest';
import { useSwiftShader } from '#tests/support/swiftshader.ts';
import { describeEngine } from '../conformance.ts';

// A GPU in software compiles each program for up to seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
useSwiftShader();
describeEngine('webgpu');
