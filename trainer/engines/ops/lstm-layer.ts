import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';
import { runRecurrence } from './recurrent.ts';

/**
 * One LSTM layer over a whole sequence: x [L, B, F] → states [L, B, h], starting from zero; kernel [F, 4h], recurrent
 * [h, 4h] and bias [4h] hold the gates in the order i, f, g, o.
 *
 *     i = σ(x·Wi + h·Ui + bi)    f = σ(x·Wf + h·Uf + bf)    g = tanh(x·Wg + h·Ug + bg)    o = σ(x·Wo + h·Uo + bo)
 *     c' = f∘c + i∘g             h' = o∘tanh(c')
 *
 * The input's part is one product for all steps and the recurrence one product a step. The gradient is written by hand
 * (back-propagation through time): each kernel gets one product over all steps, and what a step multiplies its incoming
 * gradients by is made for all steps at once. `inputGradient: false` saves the gradient of x where x is data.
 */
export function lstmLayer(
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrent: tf.Tensor2D,
  bias: tf.Tensor1D,
  { inputGradient }: { readonly inputGradient: boolean },
): tf.Tensor3D {
  const [steps, batch, features] = x.shape;
  const units = recurrent.shape[0];
  if (tf.getKernel('AlmanacLstmLayer', tf.getBackend()) !== undefined) return wholeLayer(x, kernel, recurrent, bias);
  const fused = runRecurrence('AlmanacLstm', ['gates', 'cells'], x, kernel, recurrent, bias, { inputGradient });
  if (fused !== null) return fused;
  const op = tf.customGrad<tf.Tensor3D>((...inputs) => {
    const [x, kernel, recurrent, bias] = inputs as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const save = inputs[4] as tf.GradSaveFunc;
    const fromInput = tf.add(tf.matMul(tf.reshape(x, [steps * batch, features]), kernel), bias);

    const hs: tf.Tensor2D[] = [tf.zeros([batch, units])];
    const cs: tf.Tensor2D[] = [tf.zeros([batch, units])];
    const kept: Step[] = [];
    for (let t = 0; t < steps; t++) {
      // A scope a step: what a step needs only itself is free again for the next one.
      const [inOut, candidate, out, squashed, c, h] = tf.tidy(() => {
        const sum = tf.add(rows(fromInput, t, batch), tf.matMul(hs[t], recurrent)) as tf.Tensor2D;
        const inOut = tf.sigmoid(columns(sum, 0, 2 * units));
        const candidate = tf.tanh(columns(sum, 2 * units, units));
        const out = tf.sigmoid(columns(sum, 3 * units, units));
        const c: tf.Tensor2D = tf.add(
          tf.mul(columns(inOut, units, units), cs[t]),
          tf.mul(columns(inOut, 0, units), candidate),
        );
        const squashed = tf.tanh(c);
        return [inOut, candidate, out, squashed, c, tf.mul(out, squashed) as tf.Tensor2D];
      });
      kept.push([inOut, candidate, out, squashed]);
      cs.push(c);
      hs.push(h);
    }
    const states = tf.reshape(tf.concat(hs.slice(1), 0), [steps, batch, units]) as tf.Tensor3D;
    save([x, kernel, recurrent, ...kept.flat(), ...cs.slice(0, steps), ...hs.slice(0, steps)]);

    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, recurrent] = saved as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D];
      const perStep = saved.slice(3) as tf.Tensor2D[];
      const part = (n: number): tf.Tensor2D[] => Array.from({ length: steps }, (_, t) => perStep[4 * t + n]);
      const before = tf.concat(perStep.slice(4 * steps, 5 * steps), 0) as tf.Tensor2D;
      const states = tf.concat(perStep.slice(5 * steps), 0) as tf.Tensor2D;
      const { gates, cell, forget } = tf.tidy(() =>
        slopes(
          [0, 1, 2, 3].map((n) => tf.concat(part(n), 0)),
          before,
        ),
      );
      const recurrentT = tf.transpose(recurrent) as tf.Tensor2D;
      const dy2 = tf.reshape(dy, [steps * batch, units]) as tf.Tensor2D;
      const dGates = new Array<tf.Tensor2D>(steps);
      let dh: tf.Tensor2D = rows(dy2, steps - 1, batch);
      let dc: tf.Tensor2D | undefined;
      for (let t = steps - 1; t >= 0; t--) {
        [dGates[t], dh, dc] = tf.tidy(() => {
          const throughState: tf.Tensor2D = tf.mul(dh, rows(cell, t, batch));
          const dCell: tf.Tensor2D = dc === undefined ? throughState : tf.add(throughState, dc);
          const dGate: tf.Tensor2D = tf.mul(tf.concat([dCell, dCell, dCell, dh], 1), rows(gates, t, batch));
          if (t === 0) return [dGate, dh, dCell];
          const dBefore: tf.Tensor2D = tf.add(rows(dy2, t - 1, batch), tf.matMul(dGate, recurrentT));
          return [dGate, dBefore, tf.mul(dCell, rows(forget, t, batch)) as tf.Tensor2D];
        });
      }
      const dAll = tf.concat(dGates, 0) as tf.Tensor2D;
      const flat = tf.reshape(x, [steps * batch, features]) as tf.Tensor2D;
      const dx = inputGradient ? tf.reshape(tf.matMul(dAll, kernel, false, true), x.shape) : tf.zerosLike(x);
      return [dx, tf.matMul(flat, dAll, true), tf.matMul(states, dAll, true), tf.sum(dAll, 0)];
    };
    return { value: states, gradFunc };
  });
  return op(x, kernel, recurrent, bias);
}

/** The same where the engine has the whole layer as one kernel each way; it gives the gradient of x whether asked or not. */
function wholeLayer(x: tf.Tensor3D, kernel: tf.Tensor2D, recurrent: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const op = tf.customGrad<tf.Tensor3D>((...args) => {
    const [x, kernel, recurrent, bias] = args as tf.Tensor[];
    const save = args[4] as tf.GradSaveFunc;
    const outputs = runFused('AlmanacLstmLayer', { x, kernel, recurrent, bias }) as tf.Tensor[];
    save([x, kernel, recurrent, bias, ...outputs]);
    const gradFunc = (dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, recurrent, bias, states, i, cells, f, o, g, squashed] = saved;
      const inputs = { dy, x, kernel, recurrent, bias, states, i, cells, f, o, g, squashed };
      return runFused('AlmanacLstmLayerGrad', inputs) as tf.Tensor[];
    };
    return { value: outputs[0] as tf.Tensor3D, gradFunc };
  });
  return op(x, kernel, recurrent, bias);
}

/** What one step keeps, [B, 2h] and [B, h]: i beside f, g, o, tanh(c'). */
type Step = readonly [inOut: tf.Tensor2D, candidate: tf.Tensor2D, out: tf.Tensor2D, squashed: tf.Tensor2D];

/**
 * For all steps at once, [L·B, ·]: what turns dL/dc' and dL/dh' into the gradients of the gates before their activation
 * (`gates`), what turns dL/dh' into its part of dL/dc' (`cell`), and f, which hands dL/dc' on to the step before.
 */
function slopes([inOut, g, o, squashed]: tf.Tensor[], before: tf.Tensor2D) {
  const units = before.shape[1];
  const one = tf.scalar(1);
  const i = columns(inOut, 0, units);
  const forget = columns(inOut, units, units);
  const bothSlopes = tf.sub(inOut, tf.square(inOut));
  const gates = tf.concat(
    [
      tf.mul(g, columns(bothSlopes, 0, units)),
      tf.mul(before, columns(bothSlopes, units, units)),
      tf.mul(i, tf.sub(one, tf.square(g))),
      tf.mul(squashed, tf.sub(o, tf.square(o))),
    ],
    1,
  );
  return { gates, cell: tf.mul(o, tf.sub(one, tf.square(squashed))), forget };
}

/** Rows of step t of [L·B, n]: one contiguous block. */
function rows(x: tf.Tensor, t: number, batch: number): tf.Tensor2D {
  return tf.slice(x as tf.Tensor2D, [t * batch, 0], [batch, x.shape[1] as number]);
}

/** Columns from `from` of [n, m]. */
function columns(x: tf.Tensor, from: number, count: number): tf.Tensor2D {
  return tf.slice(x as tf.Tensor2D, [0, from], [x.shape[0], count]);
}
