/** Share of the labels above `middle` among those of the rows that are not at it; 0.5 where all are. */
export function shareUp(labels: Float64Array, rows: Int32Array, middle: number): number {
  let up = 0;
  let down = 0;
  for (const row of rows) {
    if (labels[row] > middle) up++;
    else if (labels[row] < middle) down++;
  }
  return up + down > 0 ? up / (up + down) : 0.5;
}
