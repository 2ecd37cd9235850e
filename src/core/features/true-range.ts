/** Greatest of H−L, |H−C₋₁| and |L−C₋₁|, of one bar whose predecessor closed at `before`. */
export function trueRange(high: number, low: number, before: number): number {
  const up = Math.abs(high - before);
  const down = Math.abs(low - before);
  // Not Math.max, which costs several times a comparison.
  const greater = up > high - low ? up : high - low;
  return down > greater ? down : greater;
}
