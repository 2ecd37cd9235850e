/**
 * Accuracy that a forecast of the side owes to what anybody knows: how often it says up, how often up comes, and what the
 * naive forecast says. Among the rows of each side of `naive` it is P* of Pesaran and Timmermann, the share of hits of a
 * forecast that is independent of the outcome; the rows weigh alike. It is the whole accuracy of a model that repeats the
 * naive forecast or always says one side. Signs: above 0 for up, below for down; rows without both sides are left out.
 * NaN of no rows.
 */
export function explainedAccuracy(said: Float64Array, came: Float64Array, naive: Float64Array | null): number {
  // Per side of the naive forecast: rows, and how many of them said up and came up.
  const rows = [0, 0, 0];
  const saidUp = [0, 0, 0];
  const cameUp = [0, 0, 0];
  for (let i = 0; i < came.length; i++) {
    const isDecided = (said[i] > 0 || said[i] < 0) && (came[i] > 0 || came[i] < 0);
    if (!isDecided) continue;
    const side = naive === null ? 0 : naive[i] > 0 ? 1 : naive[i] < 0 ? 2 : 0;
    rows[side]++;
    if (said[i] > 0) saidUp[side]++;
    if (came[i] > 0) cameUp[side]++;
  }
  const hits = rows.map((n, side) => {
    const [x, y] = [saidUp[side] / n, cameUp[side] / n];
    return n === 0 ? 0 : n * (x * y + (1 - x) * (1 - y));
  });
  return (hits[0] + hits[1] + hits[2]) / (rows[0] + rows[1] + rows[2]);
}
