/** Where a run may be put: what it keeps busy, and the settings that keep its trainer there. */
export interface Place {
  /** `cpu` or `gpu:<index>`. */
  readonly device: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The first of a run's places whose device is free. Where devices are shared and none is free, the one with the fewest
 * runs. Null where the run must wait.
 *
 * @param taken device of each run at work.
 */
export function findPlace(
  places: readonly Place[],
  taken: readonly string[],
  { share }: { readonly share: boolean },
): Place | null {
  const runs = (place: Place) => taken.filter((device) => device === place.device).length;
  const [best] = places.toSorted((a, b) => runs(a) - runs(b));
  return best !== undefined && (share || runs(best) === 0) ? best : null;
}
