import { type ScheduleName, scheduleOf } from './registry.ts';

/** Learning rate of step 1 … `steps`. */
export type Schedule = (step: number) => number;

/** `train.schedule`; the keys that only some kinds read stand beside these. */
type ScheduleSettings = {
  readonly kind: ScheduleName;
  /** Share of all steps. */
  readonly warmup: number;
};

/**
 * Rises linearly to `base` over the warm-up, then goes on as its kind does. The first step already has a rate above zero.
 */
export function openSchedule(settings: ScheduleSettings, base: number, steps: number): Schedule {
  const rising = Math.floor(settings.warmup * steps);
  const left = Math.max(1, steps - rising);
  const kind = scheduleOf(settings.kind);
  return (step) => (step <= rising ? (base * step) / rising : base * kind.factor(step - rising - 1, left, settings));
}
