import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '#core/dataset/dataset.ts';
import { gatherWindows } from '#trainer/engines/ops/windows.ts';

/** Windows and labels of some samples, on the engine; whoever asked for it disposes it. */
export interface Batch {
  /** [B, lookback, features] */
  readonly x: tf.Tensor3D;
  /** Labels, [B] a task. */
  readonly y: readonly tf.Tensor1D[];
  /** [B] a task: 1 where the label exists, else 0; null where no sample of the data set lacks this task's label. */
  readonly mask: readonly (tf.Tensor1D | null)[];
}

/** Gathers batches from a data set; windows are made a batch at a time and never kept. Whoever opened it disposes it. */
export interface BatchSource {
  /** Samples `order[start]` … `order[start + size − 1]`, row indices of the data set. */
  gather(order: Int32Array, start: number, size: number): Batch;
  /** Windows alone; `size` may go past the end of `order`: such places repeat the last sample. */
  windows(order: Int32Array, start: number, size: number): tf.Tensor3D;
  /** Frees the features on the engine. */
  dispose(): void;
}

/**
 * Features lie on the engine for as long as the source is open, 4·rows·F bytes: a batch of windows is gathered there, and only
 * row numbers and labels travel.
 */
export function openBatches(dataset: Dataset): BatchSource {
  const { lookback, features, rows: count, tasks, samples, names } = dataset;
  const matrix = tf.keep(tf.tensor2d(features, [count, names.length]));
  const partial = tasks.map(({ raw }) =>
    Object.values(samples).some((rows) => rows.some((row) => Number.isNaN(raw[row]))),
  );

  function windows(order: Int32Array, start: number, size: number): tf.Tensor3D {
    const rows = Int32Array.from({ length: size }, (_, b) => order[Math.min(start + b, order.length - 1)]);
    return gatherWindows(matrix, rows, lookback);
  }

  return {
    windows,
    gather(order, start, size) {
      const rows = order.subarray(start, start + size);
      return {
        x: windows(order, start, size),
        y: tasks.map(({ labels }) => tf.tensor1d(Float32Array.from(rows, (row) => labels[row]))),
        mask: tasks.map(({ raw }, k) =>
          partial[k] ? tf.tensor1d(Float32Array.from(rows, (row) => (Number.isNaN(raw[row]) ? 0 : 1))) : null,
        ),
      };
    },
    dispose: () => matrix.dispose(),
  };
}

export function disposeBatch({ x, y, mask }: Batch): void {
  tf.dispose([x, ...y, ...mask.filter((m) => m !== null)]);
}
