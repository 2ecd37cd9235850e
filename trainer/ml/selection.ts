import type { TrainConfig } from '#core/config/train.ts';
import type { TrainingState } from './training-state.ts';

/** Which epoch is the best so far by the metric that selects, and for how long there was none better. */
export class Selection {
  readonly metric: string;
  readonly #mode: 'min' | 'max';
  readonly #patience: number;
  #best: TrainingState['best'];
  #stale: number;
  #value = NaN;

  constructor(
    { select, early_stopping }: Pick<TrainConfig, 'select' | 'early_stopping'>,
    { best, stale }: Pick<TrainingState, 'best' | 'stale'> = { best: null, stale: 0 },
  ) {
    this.metric = select.metric;
    this.#mode = select.mode;
    this.#patience = early_stopping?.patience ?? Infinity;
    this.#best = best;
    this.#stale = stale;
  }

  get best(): TrainingState['best'] {
    return this.#best;
  }

  /** Epochs since the best one. */
  get stale(): number {
    return this.#stale;
  }

  /** Training has gone on for as long without a better epoch as early stopping allows. */
  get isExhausted(): boolean {
    return this.#stale >= this.#patience;
  }

  /** The metric of the newest epoch; NaN before there is one. */
  get latest(): { readonly name: string; readonly value: number } {
    return { name: this.metric, value: this.#value };
  }

  /** Takes down the metric of an epoch; true where it is the best so far. */
  note(value: number, epoch: number, step: number): boolean {
    this.#value = value;
    const improved = isBetter(value, this.#best?.value, this.#mode);
    if (improved) this.#best = { value, epoch, step };
    this.#stale = improved ? 0 : this.#stale + 1;
    return improved;
  }
}

function isBetter(value: number, best: number | undefined, mode: 'min' | 'max'): boolean {
  // A metric may be undefined at first (a correlation with constant predictions); there is a best checkpoint all the same.
  if (best === undefined) return true;
  if (Number.isNaN(value)) return false;
  if (Number.isNaN(best)) return true;
  return mode === 'min' ? value < best : value > best;
}
