import * as tf from '@tensorflow/tfjs-core';
import { drawMask, type MaskDraw } from '../random/mask.ts';
import { runFused } from './fused.ts';

/** A draw and the shape it is made for; an axis of size 1 shares one draw along that axis of x. */
export interface DropoutAttrs extends MaskDraw {
  readonly maskShape: readonly number[];
}

/** x times a mask of 0 and 1/(1−rate); the same draw gives the same mask on every engine. Its gradient is the same product. */
export function dropoutWith<X extends tf.Tensor>(x: X, attrs: DropoutAttrs): X {
  if (tf.getKernel('AlmanacDropout', tf.getBackend()) === undefined) {
    const drawn = runFused('AlmanacDropoutMask', {}, attrs);
    if (drawn !== null) return tf.mul(x, drawn[0]);
    const size = attrs.maskShape.reduce((a, b) => a * b, 1);
    return tf.mul(x, tf.tensor(drawMask(attrs, size), [...attrs.maskShape]));
  }
  const drop = (from: tf.Tensor): tf.Tensor => (runFused('AlmanacDropout', { x: from }, attrs) as [tf.Tensor])[0];
  const op = tf.customGrad((from) => ({ value: drop(from as tf.Tensor), gradFunc: (dy: tf.Tensor) => drop(dy) }));
  return op(x) as X;
}
