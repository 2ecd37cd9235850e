/** Ends of a part of x. */
export type XWindow = readonly [number, number];

/** The window moved and narrowed so that it lies within `whole`; null where it would be all of it. */
export function fitWithin([from, to]: XWindow, whole: XWindow): XWindow | null {
  const most = whole[1] - whole[0];
  const span = to - from;
  // What dust of the arithmetic would leave out is nothing.
  if (span >= most * (1 - 1e-9)) return null;
  const left = Math.min(Math.max(from, whole[0]), whole[1] - span);
  return [left, left + span];
}

/** Moved to the right by a share of its width. */
export function panned([from, to]: XWindow, share: number): XWindow {
  const shift = share * (to - from);
  return [from + shift, to + shift];
}

/** `factor` times as wide around a place that stays where it is. */
export function magnified([from, to]: XWindow, factor: number, around: number): XWindow {
  return [around - (around - from) * factor, around + (to - around) * factor];
}

/**
 * The window in which two places of x stand at two shares of the width, as fingers hold them while they move; null where
 * the fingers are too close to tell.
 */
export function pinched(places: readonly [number, number], shares: readonly [number, number]): XWindow | null {
  const apart = shares[1] - shares[0];
  const span = (places[1] - places[0]) / apart;
  if (Math.abs(apart) < 0.02 || !(span > 0) || !Number.isFinite(span)) return null;
  const from = places[0] - shares[0] * span;
  return [from, from + span];
}
