/** Mean and standard deviation (ddof 1) of a sample; `sd` is null for fewer than two numbers. */
export function sampleSpread(values: readonly number[]): {
  readonly mean: number;
  readonly sd: number | null;
  readonly n: number;
} {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)), n };
}
