import { lowerBound } from '#core/lower-bound.ts';
import type { MetricColumn } from '#core/run/series.ts';

/**
 * Values of a column at the steps of another; where it has none they are those of the line between its neighbours, and NaN
 * before its first and behind its last. Metrics come together, but of a long run each has other points left out.
 */
export function valuesAt(steps: Float64Array, { step, value }: Pick<MetricColumn, 'step' | 'value'>): Float64Array {
  let at = lowerBound(step, steps[0] ?? Infinity);
  return steps.map((wanted) => {
    while (at < step.length && (step[at] ?? NaN) < wanted) at++;
    const [right, next] = [step[at], value[at]];
    if (right === wanted) return next ?? NaN;
    const [left, last] = [step[at - 1], value[at - 1]];
    if (left === undefined || right === undefined || last === undefined || next === undefined) return NaN;
    return last + ((next - last) * (wanted - left)) / (right - left);
  });
}
