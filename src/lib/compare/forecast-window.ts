import type { DiffForecasts } from '#core/api/run-diff.ts';
import { lowerBound } from '#core/lower-bound.ts';
import type { XWindow } from '#lib/chart/x-window.ts';

/** Rows that are shown of a comparison that says nothing else: ten days of hours. */
export const usualRows = 240;

type Stretches = DiffForecasts['disagreements'];

/** So many rows around an instant, within the span of the base; `times` are the instants that are known. */
export function windowAround(times: readonly number[], span: XWindow, instant: number, rows: number): XWindow {
  const step = (span[1] - span[0]) / Math.max(1, lowerBound(times, span[1]) - lowerBound(times, span[0]));
  const length = Math.min(span[1] - span[0], rows * (step || 1));
  const from = Math.max(span[0], Math.min(span[1] - length, instant - length / 2));
  return [Math.round(from), Math.round(from + length)];
}

/** The middle of the next stretch of disagreement behind an instant (1) or before it (−1); null where there is none. */
export function nextDisagreement({ from, to }: Stretches, here: number, by: 1 | -1): number | null {
  const middle = (at: number) => (from[at] + to[at]) / 2;
  // Stretches are in order, so their middles are too. Half a row is no step.
  let at = lowerBound(from, here);
  if (by > 0) {
    while (at < from.length && middle(at) <= here + 1) at++;
    return at < from.length ? middle(at) : null;
  }
  at = Math.min(at, from.length - 1);
  while (at >= 0 && middle(at) >= here - 1) at--;
  return at >= 0 ? middle(at) : null;
}

/** Stretches that a window shows, each as wide as the rows it is of. */
export function shadesIn({ from, to }: Stretches, [first, last]: XWindow, step: number): readonly XWindow[] {
  return from.flatMap((start, at): readonly XWindow[] =>
    to[at] < first || start > last ? [] : [[start - step / 2, to[at] + step / 2]],
  );
}

/** The distance of most neighbours, ms. */
export function stepOf(times: readonly number[]): number {
  const steps = times.slice(1, 200).map((time, at) => time - times[at]);
  return steps.length === 0 ? 0 : steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
}
