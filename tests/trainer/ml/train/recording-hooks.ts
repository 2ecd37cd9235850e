import type { Want } from '#core/run/control.ts';
import type { TrainingHooks, TrainingState } from '#trainer/ml/training-state.ts';

type Control = { readonly want: Want; readonly checkpoint: string | null };

export interface Recording {
  readonly metrics: {
    readonly step: number;
    readonly epoch: number;
    readonly values: Readonly<Record<string, number>>;
  }[];
  readonly progress: Parameters<TrainingHooks['progress']>[0][];
  readonly logs: string[];
  readonly checkpoints: { readonly name: string; readonly state: TrainingState; readonly value: number }[];
  readonly paused: boolean[];
  readonly hooks: TrainingHooks;
}

/** Keeps all that training says; `control` answers what is wanted at its n-th question (from 0). */
export function record(control: (asked: number) => Control = () => ({ want: 'run', checkpoint: null })): Recording {
  let asked = 0;
  const recording: Recording = {
    metrics: [],
    progress: [],
    logs: [],
    checkpoints: [],
    paused: [],
    hooks: {
      metric: (step, epoch, values) => void recording.metrics.push({ step, epoch, values }),
      progress: (progress) => void recording.progress.push(progress),
      log: (level, message) => void recording.logs.push(`${level}: ${message}`),
      checkpoint: async (name, state, { value }) => void recording.checkpoints.push({ name, state, value }),
      control: () => control(asked++),
      paused: (paused) => void recording.paused.push(paused),
    },
  };
  return recording;
}
