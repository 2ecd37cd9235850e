import * as tf from '@tensorflow/tfjs-core';

/** `patches` of `bars` bars with `columns` numbers each, one every `stride` bars; stride ≤ bars ≤ 2·stride. */
interface PatchCut {
  readonly patches: number;
  readonly bars: number;
  readonly columns: number;
  readonly stride: number;
}

/**
 * Overlapping patches of series kept flat, [S, L·columns] → [S·patches, bars·columns], the last bar repeated at the end
 * as often as the patches need. Cut in two halves for all patches at once: each half is a plain copy.
 */
export function cutPatches(rows: tf.Tensor2D, { patches, bars, columns, stride }: PatchCut): tf.Tensor2D {
  const [series, length] = rows.shape;
  const run = stride * columns;
  const missing = (patches + 1) * stride - length / columns;
  const last = tf.slice(rows, [0, length - columns], [series, columns]);
  const padded = tf.concat([rows, ...Array.from({ length: missing }, () => last)], 1) as tf.Tensor2D;
  const half = (n: number): tf.Tensor2D =>
    tf.reshape(tf.slice(padded, [0, n * run], [series, patches * run]), [series * patches, run]);
  const rest = (bars - stride) * columns;
  if (rest === 0) return half(0);
  const second = rest === run ? half(1) : tf.slice(half(1), [0, 0], [series * patches, rest]);
  return tf.concat([half(0), second], 1) as tf.Tensor2D;
}
