/** What of an absence of bars lies at times at which the market is open. */
export interface OpenPart {
  /** Bars missing while the market is open; 0 = a closure. */
  readonly missing: number;
  /**
   * Whether these are whole sessions (a holiday), the rest of one session with or without whole ones behind it (an
   * early close), or neither.
   */
  readonly shape: 'sessions' | 'rest' | 'rest and sessions' | 'within';
}

/** When a market is open, as far as it is known. */
export interface MarketCalendar {
  /** What it rests on, for the report. */
  readonly words: string;
  /** Holidays and early closes are part of it, so that nothing needs to be concluded from the shape of an absence. */
  readonly exact: boolean;
  /** The market closes every week, so that it is one that keeps holidays. */
  readonly closes: boolean;
  /** The absence of bars from `from` (the first missing bar's opening) to `to` (the next bar's opening), ms. */
  openPart(from: number, to: number): OpenPart;
  /** Opening times of the bars that are missing in it. */
  missingTimes(from: number, to: number): readonly number[];
}

/** A market of which nothing is known: always open. */
export function alwaysOpen(step: number, words: string): MarketCalendar {
  const slots = (from: number, to: number) => Math.max(0, Math.round((to - from) / step));
  return {
    words,
    exact: false,
    closes: false,
    openPart: (from, to) => ({ missing: slots(from, to), shape: 'within' }),
    missingTimes: (from, to) => Array.from({ length: slots(from, to) }, (_, k) => from + k * step),
  };
}
