import { type CurveAxis, curveAxes } from './run-axis.ts';

/** What of localStorage is used; a test gives its own. */
type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

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
  readonly #storage: SettingsStorage | null;
  #axis = $state<CurveAxis>('epoch');
  #smoothing = $state<Smoothing>('light');

  constructor(storage: SettingsStorage | null = findStorage()) {
    this.#storage = storage;
    const kept = this.#read();
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

  #read(): { readonly axis?: unknown; readonly smoothing?: unknown } {
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(key) ?? '{}');
      return typeof value === 'object' && value !== null ? value : {};
    } catch {
      return {};
    }
  }

  /** A full or forbidden storage only means that the next page begins as if nothing was chosen. */
  #write(): void {
    try {
      this.#storage?.setItem(key, JSON.stringify({ axis: this.#axis, smoothing: this.#smoothing }));
    } catch {
      // nothing to do: see above
    }
  }
}

function findStorage(): SettingsStorage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage;
  } catch {
    return null;
  }
}
