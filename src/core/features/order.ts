/** Eight roundings of a double. */
const TIE = 2 ** -50;

/**
 * Sign of a − b for sums and differences of prices: 0 where the two are equal as the decimals that the file had, though
 * their doubles differ (0.1 + 0.2 against 0.3). `size` is at least the largest magnitude that went into either, and at most
 * twice that.
 *
 * A sum of three prices, or a difference of two, lies within 3·2⁻⁵³ of `size` from its decimal value (one rounding a
 * price read, one a sum), so equal ones lie within 6·2⁻⁵³, below the 8·2⁻⁵³ at which we draw the line. Unequal ones lie
 * at least a tick apart and stay so while a tick exceeds 14·2⁻⁵³ of `size`: for six prices in one comparison, as in MFI,
 * that holds for those of up to 14 significant digits.
 */
export function orderOf(a: number, b: number, size: number): number {
  const difference = a - b;
  if (Math.abs(difference) <= TIE * size) return 0;
  return difference > 0 ? 1 : -1;
}
