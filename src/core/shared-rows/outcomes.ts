import { outcomeGrain } from '#core/dataset/evaluated-rows.ts';
import { targetOf, type TargetKind } from '#core/targets/registry.ts';
import type { Forecasts } from './forecasts.ts';
import { knownTasks } from './known-tasks.ts';

/** What came at each row: which way, and how far where the run has such a task. */
export interface Outcomes {
  /** Bars that they lie ahead. */
  readonly horizon: number;
  /** Above 0 up, below 0 down, 0 or NaN where it is not known or neither. */
  readonly side: readonly number[];
  /** Forward return; null where only sides are known. */
  readonly value: readonly number[] | null;
}

/** Outcomes at `rows` (places in the columns) by the labels of the tasks, of which `kinds` tells the kind. */
export function outcomesOf(
  forecasts: Forecasts,
  kinds: ReadonlyMap<string, TargetKind>,
  horizon: number,
  rows: readonly number[],
): Outcomes {
  const scaled = knownTasks(forecasts, kinds).map(({ kind, target }) => ({ scale: targetOf(kind).scale, target }));
  const valued = scaled.find(({ scale }) => scale.name === 'value');
  const sided = valued ?? scaled[0];
  return {
    horizon,
    side: rows.map((row) => sided.target[row] - sided.scale.middle),
    value: valued === undefined ? null : rows.map((row) => valued.target[row]),
  };
}

/** At how many rows two runs saw different outcomes; a row where one of them has none tells nothing. */
export function countDifferent(one: Outcomes, other: Outcomes): number {
  let different = 0;
  for (const [i, side] of one.side.entries()) {
    const apart =
      one.value !== null && other.value !== null
        ? Math.abs(one.value[i] - other.value[i]) > 1.5 * outcomeGrain
        : side * other.side[i] < 0;
    if (apart) different++;
  }
  return different;
}
