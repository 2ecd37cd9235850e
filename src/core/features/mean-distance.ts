/** Each value over the other, NaN where the denominator is not positive: makes prices scale-free. */
export function over(values: Float64Array, denominators: Float64Array): Float64Array {
  return values.map((value, i) => (denominators[i] > 0 ? value / denominators[i] : NaN));
}
