import type { Want } from '#core/run/control.ts';
import type { NamedArray } from './data/named-array.ts';

/**
 * All that is needed to go on as if training had never stopped, bit for bit on one engine: a state is taken between
 * two steps. Random numbers are counter-based (seed, stream, epoch, step), so no generator state is kept beside them.
 */
export interface TrainingState {
  /** Epochs completed. */
  readonly epoch: number;
  /** Optimizer steps taken. */
  readonly step: number;
  readonly seed: number;
  readonly weights: readonly NamedArray[];
  /** Optimizer slots, e.g. `m/dense_1/kernel`. */
  readonly slots: readonly NamedArray[];
  /** Best selected metric so far and when, null before the first validation. */
  readonly best: { readonly value: number; readonly epoch: number; readonly step: number } | null;
  /** Epochs since the best one (early stopping). */
  readonly stale: number;
  /** Seconds trained in all attempts so far. */
  readonly elapsed: number;
}

/** How training reaches the world; every function is awaited in order. */
export interface TrainingHooks {
  metric(step: number, epoch: number, values: Readonly<Record<string, number>>): void;
  progress(progress: {
    epoch: number;
    epochs: number;
    step: number;
    steps: number;
    samplesPerSecond: number;
    etaSeconds: number;
  }): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
  /** Called at each epoch's end (`last`), before that where the selected metric improved (`best`), and on request (any name). */
  checkpoint(
    name: string,
    state: TrainingState,
    metric: { readonly name: string; readonly value: number },
  ): Promise<void>;
  /** What is wanted now, and names of checkpoints asked for since the last call. Cheap: called about every 250 ms. */
  control(): { readonly want: Want; readonly checkpoint: string | null };
  /** Called on entering and leaving a pause. */
  paused(paused: boolean): void;
}

export interface TrainingOutcome {
  /** completed: all epochs or early stopping; stopped: `stop` was wanted. */
  readonly end: 'completed' | 'stopped';
  readonly reason: string;
  readonly state: TrainingState;
}
