/** Volumes of rows, 0 where there is none. */
interface Volume {
  /** Null where the source has no volume: all rows have the same number below zero. */
  readonly values: Float64Array | null;
  /** The number below zero that stands for no volume, where one does. */
  readonly standIn?: number;
  readonly missing: number;
}

/**
 * Settles what stands for no volume: an empty cell, and one number below zero, such as −1 of a broker for currencies,
 * where it is in a hundredth of the rows or more and no other is below zero. It is counted as missing.
 */
export function readVolume(cells: Float64Array): Volume {
  const standIn = findStandIn(cells);
  const isMissing = (value: number): boolean => Number.isNaN(value) || value === standIn;
  const missing = cells.reduce((count, value) => count + (isMissing(value) ? 1 : 0), 0);
  if (standIn !== undefined && missing === cells.length) return { values: null, standIn, missing: 0 };
  return {
    values: missing > 0 ? cells.map((value) => (isMissing(value) ? 0 : value)) : cells,
    ...(standIn === undefined ? {} : { standIn }),
    missing,
  };
}

function findStandIn(cells: Float64Array): number | undefined {
  let standIn: number | undefined;
  let count = 0;
  for (const value of cells) {
    if (!(value < 0)) continue;
    if (standIn !== undefined && value !== standIn) return undefined;
    standIn = value;
    count++;
  }
  return count > 1 && count >= cells.length / 100 ? standIn : undefined;
}
