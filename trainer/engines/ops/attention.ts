import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/**
 * Multi-head attention (Vaswani et al. 2017): softmax(q·kᵀ/√dh)·v in each head of dh = d/heads neighbouring columns, for
 * q, k, v [B, T, d] → [B, T, d]. `d` must be a multiple of `heads`.
 *
 * The gradient by hand, with p the softmax: dv = pᵀ·dy, dp = dy·vᵀ, ds = p·(dp − Σ dp·p)/√dh, dq = ds·k, dk = dsᵀ·q.
 */
export function attention(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, heads: number): tf.Tensor3D {
  if (tf.getKernel('AlmanacAttention', tf.getBackend()) !== undefined) return fusedAttention(q, k, v, heads);
  const [batch, steps, width] = q.shape;
  const columns = width / heads;
  const split = (x: tf.Tensor): tf.Tensor3D => {
    const apart = tf.transpose(tf.reshape(x, [batch, steps, heads, columns]), [0, 2, 1, 3]);
    return tf.reshape(apart, [batch * heads, steps, columns]);
  };
  const join = (x: tf.Tensor): tf.Tensor3D => {
    const together = tf.transpose(tf.reshape(x, [batch, heads, steps, columns]), [0, 2, 1, 3]);
    return tf.reshape(together, [batch, steps, width]);
  };
  const op = tf.customGrad<tf.Tensor3D>((...inputs) => {
    const [q, k, v] = (inputs.slice(0, 3) as tf.Tensor[]).map(split);
    const save = inputs[3] as tf.GradSaveFunc;
    const scale = tf.scalar(1 / Math.sqrt(columns));
    const p = tf.softmax(tf.mul(tf.matMul(q, k, false, true), scale)) as tf.Tensor3D;
    save([q, k, v, p]);
    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [q, k, v, p] = saved as tf.Tensor3D[];
      const dOut = split(dy);
      const dWeighed = tf.mul(tf.matMul(dOut, v, false, true), p);
      const centred = tf.sub(dWeighed, tf.mul(p, tf.sum(dWeighed, 2, true)));
      const dScores: tf.Tensor3D = tf.mul(centred, tf.scalar(1 / Math.sqrt(columns)));
      return [tf.matMul(dScores, k), tf.matMul(dScores, q, true), tf.matMul(p, dOut, true)].map(join);
    };
    return { value: join(tf.matMul(p, v)), gradFunc };
  });
  return op(q, k, v);
}

/** The same in one kernel each way. */
function fusedAttention(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, heads: number): tf.Tensor3D {
  const op = tf.customGrad<tf.Tensor3D>((...inputs) => {
    const [q, k, v] = inputs as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const save = inputs[3] as tf.GradSaveFunc;
    const [y, p] = runFused('AlmanacAttention', { q, k, v }, { heads }) as [tf.Tensor3D, tf.Tensor3D];
    save([q, k, v, p]);
    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [q, k, v, p] = saved;
      return runFused('AlmanacAttentionGrad', { dy, q, k, v, p }, { heads }) as tf.Tensor[];
    };
    return { value: y, gradFunc };
  });
  return op(q, k, v);
}
