import type { TensorInfo } from '@tensorflow/tfjs-core';
import { matrix, multiply, productFloats, withPacked } from './packed.ts';
import { address, defineKernel, floats } from './wasm-backend.ts';

/** Rows of the batch that one thread takes through all steps: a multiple of the six that a product works off at once. */
export const bandRows = 36;

/**
 * The recurrence of an LSTM layer in one call, a band of the batch a thread: as separate operations its 64 steps are a
 * thousand kernels that each do too little. Inputs fromInput [L·B, 4h] and recurrent [h, 4h]; outputs gates [L·B, 4h] after
 * activation, cells and states [L·B, h].
 */
export const lstm = defineKernel<
  { readonly fromInput: TensorInfo; readonly recurrent: TensorInfo },
  { readonly steps: number }
>('AlmanacLstm', () => ({ inputs, attrs, backend }) => {
  const { fromInput, recurrent } = inputs;
  const { steps } = attrs;
  const units = recurrent.shape[0];
  const rows = fromInput.shape[0];
  const batch = rows / steps;
  const gates = backend.makeOutput([rows, 4 * units], 'float32');
  const cells = backend.makeOutput([rows, units], 'float32');
  const states = backend.makeOutput([rows, units], 'float32');
  const scratch = backend.pool.scratch(4 * productFloats(bandRows));
  withPacked(backend, matrix(address(backend, recurrent), units, 4 * units), (packed) => {
    backend.pool.run('lstm', Math.ceil(batch / bandRows), [
      ...[address(backend, fromInput), address(backend, gates), packed],
      ...[address(backend, cells), address(backend, states)],
      ...[steps, batch, units, bandRows, ...scratch],
    ]);
  });
  return [gates, cells, states];
});

/** Its gradient from dy [L·B, h]: dGates [L·B, 4h] before activation, and dRecurrent [h, 4h]. */
export const lstmGradient = defineKernel<
  {
    readonly dy: TensorInfo;
    readonly recurrent: TensorInfo;
    readonly gates: TensorInfo;
    readonly cells: TensorInfo;
    readonly states: TensorInfo;
  },
  { readonly steps: number }
>('AlmanacLstmGrad', () => ({ inputs, attrs, backend }) => {
  const { dy, recurrent, gates, cells, states } = inputs;
  const { steps } = attrs;
  const units = recurrent.shape[0];
  const batch = dy.shape[0] / steps;
  const dGates = backend.makeOutput(gates.shape, 'float32');
  const dRecurrent = backend.makeOutput(recurrent.shape, 'float32');
  const product = productFloats(bandRows);
  const scratch = backend.pool.scratch(4 * (product + 2 * bandRows * units));
  withPacked(backend, matrix(address(backend, recurrent), units, 4 * units, true), (turned) => {
    backend.pool.run('lstmGradient', Math.ceil(batch / bandRows), [
      ...[address(backend, dy), address(backend, gates), address(backend, cells), turned, address(backend, dGates)],
      ...[steps, batch, units, bandRows, product, ...scratch],
    ]);
  });
  // The state before the first step is zero: each later step's gates meet the states of the step before.
  const later = (steps - 1) * batch;
  if (later === 0) floats(backend, dRecurrent).fill(0);
  else {
    const before = matrix(address(backend, states), later, units, true);
    const after = matrix(address(backend, dGates) + 16 * batch * units, later, 4 * units);
    multiply(backend, before, after, address(backend, dRecurrent));
  }
  return [dGates, dRecurrent];
});
