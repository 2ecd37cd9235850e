import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyRows } from './strided-copy.ts';
import { defineKernel, reshaped, type WasmBackend, words } from './wasm-backend.ts';

/** Joins tensors along one axis; all other axes are equal. */
function join(backend: WasmBackend, parts: readonly TensorInfo[], axis: number): TensorInfo {
  const shape = tf.backend_util.computeOutShape(
    parts.map((part) => part.shape),
    axis,
  );
  const out = backend.makeOutput(shape, parts[0].dtype);
  const rows = tf.util.sizeFromShape(shape.slice(0, axis));
  const toStride = tf.util.sizeFromShape(shape.slice(axis));
  let toStart = 0;
  for (const part of parts) {
    const run = tf.util.sizeFromShape(part.shape.slice(axis));
    if (run === 0) continue;
    copyRows(words(backend, part), words(backend, out), {
      rows,
      run,
      fromStart: 0,
      fromStride: run,
      toStart,
      toStride,
    });
    toStart += run;
  }
  return out;
}

/** tf.concat. */
export const concat = defineKernel<Readonly<Record<string, TensorInfo>>, { readonly axis: number }>(
  'Concat',
  (shipped) => (call) => {
    const parts = Object.values(call.inputs);
    if (parts[0].dtype === 'string' && shipped !== undefined) return shipped(call as never);
    const [axis] = tf.util.parseAxisParam(call.attrs.axis, parts[0].shape);
    tf.backend_util.assertParamsConsistent(
      parts.map((part) => part.shape),
      axis,
    );
    return parts.length === 1 ? reshaped(call.backend, parts[0], parts[0].shape) : join(call.backend, parts, axis);
  },
);

/** tf.stack: a concat of the parts with one more axis. */
export const pack = defineKernel<Readonly<Record<string, TensorInfo>>, { readonly axis: number }>(
  'Pack',
  (shipped) => (call) => {
    const parts = Object.values(call.inputs);
    if (parts[0].dtype === 'string' && shipped !== undefined) return shipped(call as never);
    for (const part of parts) {
      tf.util.assertShapesMatch(part.shape, parts[0].shape, 'All tensors passed to stack must have matching shapes: ');
    }
    const rank = parts[0].shape.length + 1;
    const axis = call.attrs.axis < 0 ? call.attrs.axis + rank : call.attrs.axis;
    const expanded = parts.map((part) => ({
      ...part,
      shape: [...part.shape.slice(0, axis), 1, ...part.shape.slice(axis)],
    }));
    return join(call.backend, expanded, axis);
  },
);
