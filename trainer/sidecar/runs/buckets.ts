/**
 * Thins a series that ascends in x to about `points` points: the axis is cut into equal buckets, and of each the
 * first, last, lowest and highest point stay, in their order. A spike is never lost. Non-finite values count as
 * neither lowest nor highest, but the first of each bucket stays, so that a divergence is seen.
 */
export function thinSeries<Point extends { readonly step: number; readonly value: number }>(
  series: readonly Point[],
  points: number,
): readonly Point[] {
  if (series.length <= points) return series;
  const buckets = Math.max(1, Math.floor(points / 4));
  const first = series[0].step;
  const width = (series[series.length - 1].step - first + 1) / buckets;
  const kept: Point[] = [];
  let start = 0;
  while (start < series.length) {
    const bucket = Math.floor((series[start].step - first) / width);
    let end = start + 1;
    while (end < series.length && Math.floor((series[end].step - first) / width) === bucket) end++;
    for (const i of [...keptOf(series, start, end)].sort((a, b) => a - b)) kept.push(series[i]);
    start = end;
  }
  return kept;
}

function keptOf(series: readonly { readonly value: number }[], start: number, end: number): Set<number> {
  let low = -1;
  let high = -1;
  let strange = -1;
  for (let i = start; i < end; i++) {
    const { value } = series[i];
    if (!Number.isFinite(value)) {
      if (strange < 0) strange = i;
      continue;
    }
    if (low < 0 || value < series[low].value) low = i;
    if (high < 0 || value > series[high].value) high = i;
  }
  return new Set([start, end - 1, low, high, strange].filter((i) => i >= 0));
}
