import * as tf from '@tensorflow/tfjs-core';

/** Means over the steps since the last reading. */
export interface Reading {
  readonly steps: number;
  readonly loss: number;
  readonly norm: number;
  readonly tasks: readonly number[];
}

/**
 * Sums step reports on the engine, so that a step never waits for a reading. Owns one tensor; dispose it with `dispose`.
 */
export class Meter {
  #sum: tf.Tensor | null = null;
  #steps = 0;

  /** Takes the report over: it is disposed here. */
  add(report: tf.Tensor): void {
    const held = this.#sum;
    this.#sum = held === null ? report : tf.add(held, report);
    if (held !== null) tf.dispose([held, report]);
    this.#steps++;
  }

  /** Null where no step was added since the last reading. */
  async read(): Promise<Reading | null> {
    const [sum, steps] = [this.#sum, this.#steps];
    if (sum === null) return null;
    this.#sum = null;
    this.#steps = 0;
    const [loss, norm, ...tasks] = Array.from(await sum.data(), (value) => value / steps);
    sum.dispose();
    return { steps, loss, norm, tasks };
  }

  dispose(): void {
    this.#sum?.dispose();
    this.#sum = null;
  }
}
