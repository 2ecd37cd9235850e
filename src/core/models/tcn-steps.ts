/** Steps that block b computes, on its own grid of every 2^b-th step: after the first convolution, and at its end. */
interface BlockPlan {
  readonly middle: number;
  readonly out: number;
}

/** Backwards from the one step that the head reads: what each layer must produce, never more than the window has. */
export function planSteps(lookback: number, blocks: number, kernel: number): BlockPlan[] {
  const plan: BlockPlan[] = [];
  let out = 1;
  for (let b = blocks - 1; b >= 0; b--) {
    const available = Math.ceil(lookback / 2 ** b);
    const middle = Math.min(available, 2 * (out - 1) + kernel);
    plan.unshift({ middle, out });
    out = Math.min(available, middle + kernel - 1);
  }
  return plan;
}
