import type { Reliability } from '#core/run/result.ts';
import { wilsonInterval } from './interval.ts';

const most = 10;

/**
 * How often "up" came where it was given about a probability: ten bins of equally many rows by ascending probability, with
 * Wilson's interval of the observed share, whose n rows count as n/horizon. Rows of one probability share a bin, so there
 * may be fewer; none where there is no row. `label` is 0 or 1; neither may be NaN.
 */
export function reliabilityOf(probability: Float64Array, label: Float64Array, horizon: number): Reliability {
  const rows = probability.length;
  const order = Array.from(probability, (_, i) => i).sort((a, b) => probability[a] - probability[b]);
  const bins: Reliability['bins'] = [];
  let gap = 0;
  for (let from = 0, b = 1; from < rows; b++) {
    let to = Math.max(from + 1, Math.round((rows * b) / most));
    while (to < rows && probability[order[to]] === probability[order[to - 1]]) to++;
    const part = order.slice(from, to);
    const n = part.length;
    const mean = (values: Float64Array) => part.reduce((sum, i) => sum + values[i], 0) / n;
    const forecast = mean(probability);
    const observed = mean(label);
    const [low, high] = wilsonInterval(observed, n / horizon);
    bins.push({ forecast, observed, low, high, n });
    gap += Math.abs(observed - forecast) * n;
    from = to;
    while (Math.round((rows * (b + 1)) / most) <= to && b < most) b++;
  }
  return { bins, ece: rows > 0 ? gap / rows : 0 };
}
