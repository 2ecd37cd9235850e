import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel, floats, type WasmKernel } from './wasm-backend.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Operations whose shipped kernel allocates vectors for every element once the shapes really broadcast. */
const numeric: Readonly<Record<string, (a: number, b: number) => number>> = {
  Pow: (a, b) => a ** b,
};
const logical: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  Equal: (a, b) => a === b,
  NotEqual: (a, b) => a !== b,
};

/** Equal shapes and single numbers stay with tfjs, which is fast there; the rest is one loop over the output here. */
function kernel(name: string, dtype: 'float32' | 'bool', compute: (a: number, b: number) => number): WasmKernel {
  return defineKernel<Inputs, unknown>(name, (shipped) => (call) => {
    const { inputs, backend } = call;
    const { a, b } = inputs;
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const size = tf.util.sizeFromShape(shape);
    const plain = [a, b].every((input) => input.shape.length === 0 || tf.util.arraysEqual(input.shape, shape));
    if (plain || size === 0 || a.dtype !== 'float32' || b.dtype !== 'float32') return shipped!(call as never);
    const out = backend.makeOutput(shape, dtype);
    const { memoryOffset } = backend.dataIdMap.get(out.dataId);
    const to = dtype === 'bool' ? new Uint8Array(backend.wasm.HEAPU8.buffer, memoryOffset, size) : floats(backend, out);
    const left = floats(backend, a);
    const right = floats(backend, b);
    const leftSteps = steps(a.shape, shape);
    const rightSteps = steps(b.shape, shape);
    const last = shape.length - 1;
    const position = shape.map(() => 0);
    for (let target = 0, leftBase = 0, rightBase = 0; target < size;) {
      for (let index = 0; index < shape[last]; index++) {
        to[target++] = compute(left[leftBase + index * leftSteps[last]], right[rightBase + index * rightSteps[last]]);
      }
      for (let axis = last - 1; axis >= 0; axis--) {
        leftBase += leftSteps[axis];
        rightBase += rightSteps[axis];
        if (++position[axis] < shape[axis]) break;
        leftBase -= leftSteps[axis] * shape[axis];
        rightBase -= rightSteps[axis] * shape[axis];
        position[axis] = 0;
      }
    }
    return out;
  });
}

/** How far each output axis moves in an operand: its stride, or 0 where it is repeated. */
function steps(own: readonly number[], shape: readonly number[]): number[] {
  const result = shape.map(() => 0);
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    if (own[axis] !== 1) result[axis + shape.length - own.length] = stride;
    stride *= own[axis];
  }
  return result;
}

export const broadcastBinary: readonly WasmKernel[] = [
  ...Object.entries(numeric).map(([name, compute]) => kernel(name, 'float32', compute)),
  ...Object.entries(logical).map(([name, compute]) => kernel(name, 'bool', (a, b) => (compute(a, b) ? 1 : 0))),
];
