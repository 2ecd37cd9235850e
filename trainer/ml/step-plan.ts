/** How many steps of how many samples a training takes. */
export interface StepPlan {
  readonly epochs: number;
  /** Samples a step. */
  readonly size: number;
  readonly stepsPerEpoch: number;
  /** Steps of all epochs. */
  readonly steps: number;
}

/** Full batches only: the rest that fills none sits out an epoch. Fewer samples than a batch are one batch. */
export function planSteps(samples: number, train: { readonly epochs: number; readonly batch_size: number }): StepPlan {
  const size = Math.min(train.batch_size, samples);
  const stepsPerEpoch = Math.floor(samples / size);
  return { epochs: train.epochs, size, stepsPerEpoch, steps: train.epochs * stepsPerEpoch };
}
