/** Share of labels above `middle` among those of `rows` that differ from it; 0.5 where none differs. */
export function shareUp(labels: Float64Array, rows: Int32Array, middle: number): number {
  let up = 0;
  let down = 0;
  for (const row of rows) {
    if (labels[row] > middle) up++;
    else if (labels[row] < middle) down++;
  }
  return up + down > 0 ? up / (up + down) : 0.5;
}
