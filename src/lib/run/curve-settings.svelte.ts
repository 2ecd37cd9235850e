import { type BrowserStorage, findStorage, keep, readKept } from '#lib/ui/browser-storage.ts';
import { type CurveAxis, curveAxes } from './run-axis.ts';

/** How strongly the losses of training are smoothed, as a weight β of `smooth`. */
export const smoothings = [
  { word: 'none', weight: 0 },
  { word: 'light', weight: 0.6 },
  { word: 'strong', weight: 0.9 },
  { word: 'very strong', weight: 0.98 },
] as const;
type Smoothing = (typeof smoothings)[number]['word'];

const key = 'almanac:curves';

/** How curves are drawn, as it was chosen last in this browser, for all runs. */
export class CurveSettings {
  readonly #storage: BrowserStorage | null;
  #axis = $state<CurveAxis>('epoch');
  #smoothing = $state<Smoothing>('light');

  constructor(storage: BrowserStorage | null = findStorage()) {
    this.#storage = storage;
    const kept = readKept(storage, key);
    this.#axis = curveAxes.find((name) => name === kept.axis) ?? 'epoch';
    this.#smoothing = smoothings.find(({ word }) => word === kept.smoothing)?.word ?? 'light';
  }

  get axis(): CurveAxis {
    return this.#axis;
  }
  set axis(axis: CurveAxis) {
    this.#axis = axis;
    this.#write();
  }
  get smoothing(): Smoothing {
    return this.#smoothing;
  }
  set smoothing(smoothing: Smoothing) {
    this.#smoothing = smoothing;
    this.#write();
  }
  /** β in [0, 1). */
  get weight(): number {
    return smoothings.find(({ word }) => word === this.#smoothing)?.weight ?? 0;
  }

  #write(): void {
    keep(this.#storage, key, { axis: this.#axis, smoothing: this.#smoothing });
  }
}
