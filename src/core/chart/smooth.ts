/**
 * Exponential smoothing with the start corrected as in Adam, so that the first value is not dragged to zero:
 * s[i] = β s[i−1] + (1−β) y[i], shown as s[i] / (1 − β^(i+1)). What is not finite counts for nothing and stays a gap,
 * NaN: no line is drawn where nothing was measured. It takes all stored values, before any are left out for a picture.
 *
 * @param weight β in [0, 1); 0 leaves finite values as they are
 */
export function smooth(y: ArrayLike<number>, weight: number): Float64Array {
  const smoother = new Smoother(weight);
  return Float64Array.from(y, (value) => smoother.add(value));
}

/** The same of values as they come. */
export class Smoother {
  readonly #weight: number;
  #sum = 0;
  #mass = 0;

  constructor(weight: number) {
    this.#weight = weight;
  }

  /** The smoothed value at the next one. */
  add(value: number): number {
    if (!Number.isFinite(value)) return NaN;
    this.#sum = this.#weight * this.#sum + (1 - this.#weight) * value;
    this.#mass = this.#weight * this.#mass + (1 - this.#weight);
    return this.#sum / this.#mass;
  }
}
