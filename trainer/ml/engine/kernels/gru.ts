import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bandRows } from './lstm.ts';
import { type Matrix, productFloats, withPacked } from './packed.ts';
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
          floats(backend, gates).set(floats(backend, fromInput));
          backend.pool.run('gru', Math.ceil(batch / bandRows), [
            ...[
              address(backend, gates),
              packedGates,
              packedCandidate,
              address(backend, resets),
              address(backend, states),
            ],
            ...[steps, batch, units, bandRows, ...scratch],
          ]);
        }),
      );
      return [gates, resets, states];
    },
);

/** Its gradient: dGates [L·B, 3h] before activation, from dy [L·B, h]. */
export const gruGradient = defineKernel<
  { readonly dy: TensorInfo; readonly recurrent: TensorInfo; readonly gates: TensorInfo; readonly states: TensorInfo },
  Attrs
>('AlmanacGruGrad', () => ({ inputs, attrs, backend }) => {
  const { dy, recurrent, gates, states } = inputs;
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
  return dGates;
});
