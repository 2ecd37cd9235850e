import * as tf from '@tensorflow/tfjs-core';
import { runRecurrence } from './recurrent.ts';

/**
 * One GRU layer over a whole sequence: x [L, B, F] → states [L, B, h], starting from zero.
 *
 *     z = σ(x·Wz + h·Uz + bz)    r = σ(x·Wr + h·Ur + br)
 *     c = tanh(x·Wh + (r∘h)·Uh + bh)    h' = z∘h + (1−z)∘c
 *
 * The gradient is written by hand (back-propagation through time): the tape would add the gradients of the shared kernels
 * once a step and pad each step's slice to the whole sequence, where here each kernel gets one product over all steps.
 * `inputGradient: false` saves the gradient of x where x is data.
 */
export function gruLayer(
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrent: tf.Tensor2D,
  bias: tf.Tensor1D,
  { inputGradient }: { readonly inputGradient: boolean },
): tf.Tensor3D {
  const [steps, batch, features] = x.shape;
  const units = recurrent.shape[0];
  const fused = runRecurrence('AlmanacGru', ['gates', 'resets'], x, kernel, recurrent, bias, { inputGradient });
  if (fused !== null) return fused;
  const op = tf.customGrad<tf.Tensor3D>((...inputs) => {
    const [x, kernel, recurrent, bias] = inputs as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const save = inputs[4] as tf.GradSaveFunc;
    const gates = tf.slice(recurrent, [0, 0], [units, 2 * units]);
    const candidate = tf.slice(recurrent, [0, 2 * units], [units, units]);
    const flat = tf.reshape(x, [steps * batch, features]);
    const part = (n: number, width: number): tf.Tensor2D =>
      tf.add(tf.matMul(flat, tf.slice(kernel, [0, n], [features, width])), tf.slice(bias, [n], [width]));
    const gateInput = part(0, 2 * units);
    const candidateInput = part(2 * units, units);

    const zs: tf.Tensor2D[] = [];
    const rs: tf.Tensor2D[] = [];
    const cs: tf.Tensor2D[] = [];
    const resets: tf.Tensor2D[] = [];
    const hs: tf.Tensor2D[] = [tf.zeros([batch, units])];
    for (let t = 0; t < steps; t++) {
      // A scope a step: what a step needs only itself is free again for the next one.
      const [z, r, reset, c, next] = tf.tidy(() => {
        const h = hs[t];
        const both: tf.Tensor2D = tf.sigmoid(tf.add(rows(gateInput, t, batch), tf.matMul(h, gates)));
        const z = tf.slice(both, [0, 0], [batch, units]);
        const r = tf.slice(both, [0, units], [batch, units]);
        const reset: tf.Tensor2D = tf.mul(r, h);
        const c: tf.Tensor2D = tf.tanh(tf.add(rows(candidateInput, t, batch), tf.matMul(reset, candidate)));
        return [z, r, reset, c, tf.add(c, tf.mul(z, tf.sub(h, c))) as tf.Tensor2D];
      });
      zs.push(z);
      rs.push(r);
      cs.push(c);
      resets.push(reset);
      hs.push(next);
    }
    const states = tf.reshape(tf.concat(hs.slice(1), 0), [steps, batch, units]) as tf.Tensor3D;
    save([x, kernel, recurrent, ...zs, ...rs, ...cs, ...resets, ...hs]);

    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, recurrent] = saved as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D];
      const take = (n: number): tf.Tensor2D[] => saved.slice(3 + n * steps, 3 + (n + 1) * steps) as tf.Tensor2D[];
      const [zs, rs, cs, resets, hs] = [0, 1, 2, 3, 4].map(take);
      const gatesT = tf.transpose(tf.slice(recurrent, [0, 0], [units, 2 * units]));
      const candidateT = tf.transpose(tf.slice(recurrent, [0, 2 * units], [units, units]));
      const one = tf.scalar(1);
      const dy2 = tf.reshape(dy, [steps * batch, units]) as tf.Tensor2D;
      const dGates = new Array<tf.Tensor2D>(steps);
      const dCandidates = new Array<tf.Tensor2D>(steps);
      let dh: tf.Tensor2D = rows(dy2, steps - 1, batch);
      for (let t = steps - 1; t >= 0; t--) {
        [dGates[t], dCandidates[t], dh] = tf.tidy(() => {
          const [z, r, c, h] = [zs[t], rs[t], cs[t], hs[t]];
          const dz = tf.mul(tf.mul(dh, tf.sub(h, c)), slope(z));
          const dc: tf.Tensor2D = tf.mul(tf.sub(dh, tf.mul(dh, z)), tf.sub(one, tf.square(c)));
          const dReset = tf.matMul(dc, candidateT);
          const dr = tf.mul(tf.mul(dReset, h), slope(r));
          const dGate = tf.concat([dz, dr], 1) as tf.Tensor2D;
          if (t === 0) return [dGate, dc, dh];
          const direct = tf.add(tf.mul(dh, z), tf.mul(dReset, r));
          const before = tf.add(tf.add(rows(dy2, t - 1, batch), direct), tf.matMul(dGate, gatesT));
          return [dGate, dc, before as tf.Tensor2D];
        });
      }
      const dGateAll = tf.concat(dGates, 0) as tf.Tensor2D;
      const dCandidateAll = tf.concat(dCandidates, 0) as tf.Tensor2D;
      const flatT = tf.transpose(tf.reshape(x, [steps * batch, features])) as tf.Tensor2D;
      const dKernel = tf.concat([tf.matMul(flatT, dGateAll), tf.matMul(flatT, dCandidateAll)], 1);
      const dRecurrent = tf.concat(
        [
          tf.matMul(tf.transpose(tf.concat(hs, 0)) as tf.Tensor2D, dGateAll),
          tf.matMul(tf.transpose(tf.concat(resets, 0)) as tf.Tensor2D, dCandidateAll),
        ],
        1,
      );
      const dBias = tf.concat([tf.sum(dGateAll, 0), tf.sum(dCandidateAll, 0)], 0);
      if (!inputGradient) return [tf.zerosLike(x), dKernel, dRecurrent, dBias];
      const kernelT = tf.transpose(kernel) as tf.Tensor2D;
      const dx = tf.add(
        tf.matMul(dGateAll, tf.slice(kernelT, [0, 0], [2 * units, features])),
        tf.matMul(dCandidateAll, tf.slice(kernelT, [2 * units, 0], [units, features])),
      );
      return [tf.reshape(dx, [steps, batch, features]), dKernel, dRecurrent, dBias];
    };
    return { value: states, gradFunc };
  });
  return op(x, kernel, recurrent, bias);
}

/** Rows of step t of [L·B, n]: one contiguous block. */
function rows(x: tf.Tensor, t: number, batch: number): tf.Tensor2D {
  return tf.slice(x as tf.Tensor2D, [t * batch, 0], [batch, x.shape[1] as number]);
}

/** Derivative of the logistic function, from its value. */
function slope(value: tf.Tensor): tf.Tensor {
  return tf.sub(value, tf.square(value));
}
