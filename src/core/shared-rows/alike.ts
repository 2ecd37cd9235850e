import { countWords } from '#core/count-words.ts';
import type { Forecasts } from './forecasts.ts';
import { countDifferent, type Outcomes } from './outcomes.ts';

/** The instants that all of these predicted, in their order. */
export function sharedTimes(all: readonly Forecasts[]): readonly number[] {
  const [first, ...others] = all.map(({ time }) => new Set(time));
  return [...others.reduce((shared, times) => shared.intersection(times), first)].sort((a, b) => a - b);
}

/** Why nothing can be scored where `sharedTimes` has none. */
export const noSharedRows = 'There is no instant that all of them predicted.';

/** Where the instants `wanted` stand among `times`; those that are not there have no place. */
export function placesOf(times: readonly number[], wanted: readonly number[]): readonly number[] {
  const places = new Map(times.map((time, place) => [time, place]));
  return wanted.flatMap((time) => places.get(time) ?? []);
}

/** What a run saw come at the shared rows. */
interface Witness {
  /** Its number, as in R12. */
  readonly number: number;
  readonly outcomes: Outcomes;
}

export function isSameOutcome(one: Outcomes, other: Outcomes): boolean {
  return one.horizon === other.horizon && countDifferent(one, other) === 0;
}

/** Why the scores of two runs on `n` shared rows cannot stand beside each other; null where they can. */
export function whyApart(one: Witness, other: Witness, n: number): string | null {
  const [first, second] = [`R${one.number}`, `R${other.number}`];
  const { horizon } = one.outcomes;
  if (horizon !== other.outcomes.horizon) {
    return `${first} looks ${countWords(horizon, 'bar')} ahead, ${second} ${other.outcomes.horizon}: only the edge of each over its own best baseline can be compared.`;
  }
  const different = countDifferent(one.outcomes, other.outcomes);
  if (different === 0) return null;
  return `${second} saw other outcomes than ${first} at ${different} of ${countWords(n, 'row')}: other prices, or another instrument. Only the edge of each over its own best baseline can be compared.`;
}
