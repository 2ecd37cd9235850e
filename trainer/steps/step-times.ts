/** Why a step need not be computed. */
export const reused = 'the same settings, bytes and code as before';

/** Seconds since a moment of performance.now(), to the millisecond. */
export function since(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}

/** Seconds that reading spares where computing took longer. */
export function saving(computing: number, reading: number): number {
  return Math.max(0, Math.round(1000 * (computing - reading)) / 1000);
}

export interface Timed<Value> {
  readonly value: Value;
  readonly seconds: number;
}

export function timed<Value>(work: () => Value): Timed<Value> {
  const began = performance.now();
  const value = work();
  return { value, seconds: since(began) };
}
