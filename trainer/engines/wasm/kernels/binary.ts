import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel, type WasmBackend, type WasmKernel } from './wasm-backend.ts';

/** Operations of assembly/elementwise.ts, by their number there. */
const operations = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  ReluGrad: 6,
  GeluGrad: 7,
} as const;
type BinaryOperation = keyof typeof operations;

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Axes of a broadcast, neighbours joined where both operands move along them alike; steps count elements, 0 = repeated. */
interface Axis {
  size: number;
  a: number;
  b: number;
}

/** y = f(a, b), float32; undefined where the shapes broadcast along more than three groups of axes. */
export function binary(
  backend: WasmBackend,
  operation: BinaryOperation,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo | undefined {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const axes = joinAxes(shape, a.shape, b.shape);
  if (axes.length > 3) return undefined;
  const out = backend.makeOutput(shape, 'float32');
  const count = tf.util.sizeFromShape(shape);
  if (count === 0) return out;
  const [outer, middle, inner] = [...Array.from({ length: 3 - axes.length }, () => ({ size: 1, a: 0, b: 0 })), ...axes];
  const whole = outer.size === 1 && middle.size === 1;
  // A single long run is cut into pieces of its own, along which the operands move as they do along the run.
  const { perChunk } = share(count, 16_384, 4);
  const cut = whole && count > perChunk;
  const run = cut ? perChunk : inner.size;
  const args = (rows: number, length: number, offset: number, each: number): number[] => [
    ...[operations[operation], rows, cut ? 1 : middle.size, length],
    ...[
      address(backend, a) + 4 * offset * inner.a,
      ...(cut ? [4 * run * inner.a, 0] : [4 * outer.a, 4 * middle.a]),
      4 * inner.a,
    ],
    ...[
      address(backend, b) + 4 * offset * inner.b,
      ...(cut ? [4 * run * inner.b, 0] : [4 * outer.b, 4 * middle.b]),
      4 * inner.b,
    ],
    ...[address(backend, out) + 4 * offset, each],
  ];
  if (cut) {
    const rows = Math.floor(count / run);
    backend.pool.run('binary', rows, args(rows, run, 0, 1));
    const rest = count - rows * run;
    if (rest > 0) backend.pool.run('binary', 1, args(1, rest, rows * run, 1));
    return out;
  }
  const rows = outer.size * middle.size;
  const cutRows = share(rows, Math.max(1, Math.ceil(16_384 / inner.size)));
  backend.pool.run('binary', cutRows.chunks, args(rows, inner.size, 0, cutRows.perChunk));
  return out;
}

function joinAxes(shape: readonly number[], a: readonly number[], b: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  let stepA = 1;
  let stepB = 1;
  for (let back = 1; back <= shape.length; back++) {
    const size = shape[shape.length - back];
    if (size === 1) continue;
    const ownA = a[a.length - back] ?? 1;
    const ownB = b[b.length - back] ?? 1;
    const axis: Axis = { size, a: ownA === 1 ? 0 : stepA, b: ownB === 1 ? 0 : stepB };
    const inner = axes[0];
    const joins = (step: number, innerStep: number) =>
      innerStep === 0 ? step === 0 : step === innerStep * (inner?.size ?? 1);
    if (inner !== undefined && joins(axis.a, inner.a) && joins(axis.b, inner.b)) inner.size *= size;
    else axes.unshift(axis);
    stepA *= ownA;
    stepB *= ownB;
  }
  return axes;
}

/**
 * Functions of two values, four at a time and on several threads. XNNPACK's run on one thread, and tfjs' own maximum and
 * minimum allocate vectors for every element once shapes really broadcast.
 */
function kernel(name: Exclude<BinaryOperation, 'ReluGrad' | 'GeluGrad'>): WasmKernel {
  return defineKernel<Inputs, unknown>(name, (shipped) => (call) => {
    const { a, b } = call.inputs;
    const ours = a.dtype === 'float32' && b.dtype === 'float32' ? binary(call.backend, name, a, b) : undefined;
    return ours ?? shipped!(call as never);
  });
}

export const binaryKernels: readonly WasmKernel[] = (
  ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum'] as const
).map(kernel);
