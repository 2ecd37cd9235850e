import type { EngineName } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';
import { findNative, nativePackage } from './native/find.ts';

/**
 * Why an engine cannot be here, as far as files tell; undefined when it is worth a try. It costs microseconds and loads
 * nothing, so that a run need not start a process to learn that an optional package is not installed.
 */
export function findAbsence(name: EngineName): string | undefined {
  switch (name) {
    case 'wasm':
      return undefined;
    case 'webgpu':
      return 'The webgpu engine comes in a later version. Set train.engine to auto, wasm or native.';
    case 'native':
      return findNative() === undefined ? nativeUnavailable(`${nativePackage} is not installed here`) : undefined;
    default:
      return assertNever(name);
  }
}

/** The message of a native engine that does not work: what, why, and what to do. */
export function nativeUnavailable(why: string): string {
  return `The native engine is not available: ${why}. Run "npm run engine:native", which builds it against a current TensorFlow, or set train.engine to auto or wasm.`;
}
