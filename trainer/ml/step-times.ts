/** Parts of a training step: gathering the batch, forward, backward, update of the weights, events and checkpoints. */
type StepPart = 'data' | 'forward' | 'backward' | 'update' | 'logging';

/**
 * Where the time of training steps goes, in ms. An engine that queues its work (a GPU) is not waited for at each part:
 * there each part is the time to hand the work over, and the waiting is counted where a result is read, under
 * `logging`.
 */
export class StepTimes {
  readonly #now: () => number;
  /** Time of the parts measured inside the one that runs now. */
  #inner = 0;
  #parts: Record<StepPart, number> = { data: 0, forward: 0, backward: 0, update: 0, logging: 0 };

  /** `now` in ms, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `work` and counts its time as `part`, without what parts measured inside of it took. */
  measure<Result>(part: StepPart, work: () => Result): Result {
    const began = this.#now();
    const outer = this.#inner;
    this.#inner = 0;
    try {
      return work();
    } finally {
      const elapsed = this.#now() - began;
      this.#parts[part] += elapsed - this.#inner;
      this.#inner = outer + elapsed;
    }
  }

  /** As `measure`, for work that waits. */
  async follow<Result>(part: StepPart, work: () => Promise<Result>): Promise<Result> {
    const began = this.#now();
    try {
      return await work();
    } finally {
      this.#parts[part] += this.#now() - began;
    }
  }

  /** Means over `steps` steps since the last reading, as metrics `time.<part>`, ms. */
  read(steps: number): Record<`time.${StepPart}`, number> {
    const parts = this.#parts;
    this.#parts = { data: 0, forward: 0, backward: 0, update: 0, logging: 0 };
    const mean = (part: StepPart): number => parts[part] / Math.max(1, steps);
    return {
      'time.data': mean('data'),
      'time.forward': mean('forward'),
      'time.backward': mean('backward'),
      'time.update': mean('update'),
      'time.logging': mean('logging'),
    };
  }
}
