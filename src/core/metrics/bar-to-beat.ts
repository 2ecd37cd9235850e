/**
 * Accuracy that a forecast of the side must exceed: that of always saying the commoner side of the train rows, and of a
 * coin where these rows went the other way. NaN where nothing is known of the majority counts as the coin.
 */
export function barToBeat(majority: number): number {
  return Math.max(0.5, Number.isNaN(majority) ? 0.5 : majority);
}
