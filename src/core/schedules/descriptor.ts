import type { NoOptions, OptionShape, OptionValues } from '#core/owned-options.ts';

/** How the learning rate goes on after the warm-up. Each lives in a file of its own and is a line in registry.ts. */
export interface ScheduleDescriptor<Options extends OptionShape = NoOptions> {
  /** What it does in a few words, e.g. "falls to zero at the last step". */
  readonly summary: string;
  /** Keys of `train.schedule` that this one reads besides `warmup`. */
  readonly options: Options;
  /** Factor of the highest rate, above 0 to 1, when `done` of `steps` steps after the warm-up are taken. */
  factor(done: number, steps: number, options: OptionValues<Options>): number;
}
