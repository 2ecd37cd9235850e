/** C/mean − 1 in the place of each mean, NaN where that is not positive: makes prices scale-free. */
export function distanceFrom(means: Float64Array, close: Float64Array): Float64Array {
  for (let i = 0; i < means.length; i++) means[i] = means[i] > 0 ? close[i] / means[i] - 1 : NaN;
  return means;
}
