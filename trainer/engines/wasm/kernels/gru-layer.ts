import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bandRows } from './lstm-layer.ts';
import { type Matrix, matrix, multiply, productFloats, withPacked } from './packed.ts';
import { address, defineKernel, floats, type WasmBackend } from './wasm-backend.ts';

interface Attrs {
  readonly steps: number;
}

/** The parts of the recurrent kernel [h, 3h] that belong to z and r, and to c. */
function parts(backend: WasmBackend, recurrent: TensorInfo, transposed: boolean): readonly [Matrix, Matrix] {
  const units = recurrent.shape[0];
  const start = address(backend, recurrent);
  const [along, across] = [4, 12 * units];
  const part = (from: number, columns: number): Matrix =>
    transposed
      ? { address: start + 4 * from, rows: columns, columns: units, rowStride: along, columnStride: across }
      : { address: start + 4 * from, rows: units, columns, rowStride: across, columnStride: along };
  return [part(0, 2 * units), part(2 * units, units)];
}

/**
 * The recurrence of a GRU layer in one call, a band of the batch a thread. Inputs fromInput [L·B, 3h] and recurrent [h, 3h];
 * outputs gates [L·B, 3h] after activation, resets (r∘h) and states [L·B, h].
 */
export const gru = defineKernel<{ readonly fromInput: TensorInfo; readonly recurrent: TensorInfo }, Attrs>(
  'AlmanacGru',
  () =>
    ({ inputs, attrs, backend }) => {
      const { fromInput, recurrent } = inputs;
      const { steps } = attrs;
      const units = recurrent.shape[0];
      const rows = fromInput.shape[0];
      const batch = rows / steps;
      const gates = backend.makeOutput([rows, 3 * units], 'float32');
      const resets = backend.makeOutput([rows, units], 'float32');
      const states = backend.makeOutput([rows, units], 'float32');
      const scratch = backend.pool.scratch(4 * productFloats(bandRows));
      const [both, candidate] = parts(backend, recurrent, false);
      withPacked(backend, both, (packedGates) =>
        withPacked(backend, candidate, (packedCandidate) => {
          backend.pool.run('gru', Math.ceil(batch / bandRows), [
            ...[address(backend, fromInput), address(backend, gates), packedGates, packedCandidate],
            ...[address(backend, resets), address(backend, states)],
            ...[steps, batch, units, bandRows, ...scratch],
          ]);
        }),
      );
      return [gates, resets, states];
    },
);

/** Its gradient from dy [L·B, h]: dGates [L·B, 3h] before activation, and dRecurrent [h, 3h]. */
export const gruGradient = defineKernel<
  {
    readonly dy: TensorInfo;
    readonly recurrent: TensorInfo;
    readonly gates: TensorInfo;
    readonly resets: TensorInfo;
    readonly states: TensorInfo;
  },
  Attrs
>('AlmanacGruGrad', () => ({ inputs, attrs, backend }) => {
  const { dy, recurrent, gates, resets, states } = inputs;
  const { steps } = attrs;
  const units = recurrent.shape[0];
  const batch = dy.shape[0] / steps;
  const dGates = backend.makeOutput(gates.shape, 'float32');
  const product = productFloats(bandRows);
  const scratch = backend.pool.scratch(4 * (product + 2 * bandRows * units));
  const [both, candidate] = parts(backend, recurrent, true);
  withPacked(backend, both, (turnedGates) =>
    withPacked(backend, candidate, (turnedCandidate) => {
      backend.pool.run('gruGradient', Math.ceil(batch / bandRows), [
        ...[address(backend, dy), address(backend, gates), address(backend, states), turnedGates, turnedCandidate],
        ...[address(backend, dGates), steps, batch, units, bandRows, product, ...scratch],
      ]);
    }),
  );
  return [dGates, recurrentGradient(backend, { dGates, resets, states }, steps, batch, units)];
});

/** [h, 3h]: for z and r the states of the step before meet the gates' gradients, for c the reset states of the same step. */
function recurrentGradient(
  backend: WasmBackend,
  { dGates, resets, states }: { readonly dGates: TensorInfo; readonly resets: TensorInfo; readonly states: TensorInfo },
  steps: number,
  batch: number,
  units: number,
): TensorInfo {
  const out = backend.makeOutput([units, 3 * units], 'float32');
  const later = (steps - 1) * batch;
  const part = (first: number, from: number, columns: number): Matrix => ({
    address: address(backend, dGates) + 4 * (3 * units * first + from),
    rows: steps * batch - first,
    columns,
    rowStride: 12 * units,
    columnStride: 4,
  });
  const both = backend.makeOutput([units, 2 * units], 'float32');
  const candidate = backend.makeOutput([units, units], 'float32');
  if (later === 0) floats(backend, both).fill(0);
  else
    multiply(
      backend,
      matrix(address(backend, states), later, units, true),
      part(batch, 0, 2 * units),
      address(backend, both),
    );
  const reset = matrix(address(backend, resets), steps * batch, units, true);
  multiply(backend, reset, part(0, 2 * units, units), address(backend, candidate));
  const [to, left, right] = [out, both, candidate].map((tensor) => floats(backend, tensor));
  for (let row = 0; row < units; row++) {
    to.set(left.subarray(2 * units * row, 2 * units * (row + 1)), 3 * units * row);
    to.set(right.subarray(units * row, units * (row + 1)), 3 * units * row + 2 * units);
  }
  backend.disposeData(both.dataId);
  backend.disposeData(candidate.dataId);
  return out;
}
