/**
 * Longest absence, in bars, at which nobody may just not have traded, where the file lists only bars with trades; 0
 * where it lists all bars, so that a missing one is a fault.
 *
 * A file lists only bars with trades where it has no bars of volume 0 to speak of, and at least twenty absences: one in
 * a hundred bars, or one in four hundred that stand beside quiet bars (less than half the usual volume). Then absences
 * of up to `maxFill` bars are ordinary, and longer ones that chance explains at the share of missing bars.
 *
 * @param gaps bars missing before row `at`
 */
export function untradedLimit(
  gaps: readonly { readonly at: number; readonly missing: number }[],
  bars: number,
  maxFill: number,
  volume: Float64Array | null,
): number {
  if (gaps.length < 20 || gaps.length * 400 < bars) return 0;
  if (volume) {
    let zero = 0;
    for (let i = 0; i < volume.length; i++) if (volume[i] === 0) zero++;
    // A vendor that writes bars without trades leaves none out.
    if (zero * 10 > gaps.length) return 0;
  }
  if (gaps.length * 100 < bars) {
    if (!volume) return 0;
    const beside = gaps.map(({ at }) => Math.min(volume[at - 1], volume[at])).sort((a, b) => a - b);
    if (!(median(beside) < sampledMedian(volume) / 2)) return 0;
  }
  const lengths = Float64Array.from(gaps, ({ missing }) => missing).sort();
  let limit = maxFill;
  // The share is taken from absences within the limit, so that an outage does not excuse itself.
  for (let pass = 0; pass < 10; pass++) {
    let missing = 0;
    for (const length of lengths) if (length <= limit) missing += length;
    const share = missing / (missing + bars);
    const next = Math.max(maxFill, Math.ceil(Math.log(0.01 / bars) / Math.log(share)));
    if (!(next > limit)) break;
    limit = next;
  }
  // Quiet hours come together: more than one break in five hundred bars would be no rare event, but the market.
  const rare = Math.max(5, Math.floor(bars / 500));
  return Math.max(limit, lengths[Math.max(0, lengths.length - 1 - rare)]);
}

function sampledMedian(values: Float64Array): number {
  const stride = Math.max(1, Math.floor(values.length / 2000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += stride) sample.push(values[i]);
  return median(sample.sort((a, b) => a - b));
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
