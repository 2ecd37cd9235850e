import type { LineLook } from '#lib/chart/line-series.ts';

const colors = [2, 1, 3, 4, 5, 6].map((n) => `var(--series-${n})`);
const dashes = [null, '6 3', '2 2', '9 3 2 3'] as const;

/**
 * Colour and line of a run, the same in every chart and table of its comparison: by its place among the runs that are
 * compared, so that another base changes no other run's. The base is ink.
 */
export function runLook(place: number, isBase: boolean): LineLook {
  if (isBase) return { color: 'var(--ink)', dash: null };
  return { color: colors[place % colors.length], dash: dashes[(place + Math.floor(place / 12)) % dashes.length] };
}
