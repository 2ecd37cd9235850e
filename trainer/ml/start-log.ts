import type { Config } from '#core/config/config.ts';
import { countParameters, type Model } from './models/model.ts';
import type { StepPlan } from './step-plan.ts';
import type { TrainingHooks } from './training-state.ts';

/** Says how large the model and an epoch are, and warns of a model that is large for its data. */
export function logStart(
  hooks: TrainingHooks,
  model: Model,
  { model: { architecture, variant } }: Pick<Config, 'model'>,
  windows: number,
  { stepsPerEpoch, size }: StepPlan,
): void {
  const parameters = countParameters(model);
  hooks.log(
    'info',
    `${architecture} ${variant}: ${parameters} parameters, ${windows} train windows, ${stepsPerEpoch} steps of ${size} an epoch`,
  );
  if (parameters > windows) {
    hooks.log(
      'warn',
      `${(parameters / windows).toFixed(1)} parameters a train window: the model can learn the windows by heart. A ` +
        'smaller variant, a shorter lookback or more data helps.',
    );
  }
}
