import * as Plot from '@observablehq/plot';
import type { Bars } from '#core/bars/bars.ts';
import { decimate } from '#core/chart/decimate.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { formatPrice, formatTime } from '#lib/ui/format.ts';
import type { ChartFrame } from './chart-frame.ts';
import { type SplitBands, splitMarks } from './split-bands.ts';

/** Above this many bars candles are thinner than a pixel column, and the closes are drawn instead. */
const mostCandles = 240;

function gapsWithin(bars: Bars, from: number, to: number): readonly { x1: number; x2: number }[] {
  const gaps: { x1: number; x2: number }[] = [];
  for (let i = Math.max(1, from); i < to; i++) {
    const x1 = (bars.time[i - 1] ?? 0) + bars.step;
    const x2 = bars.time[i] ?? 0;
    if (x2 > x1 && bars.segment[i] !== bars.segment[i - 1]) gaps.push({ x1, x2 });
  }
  return gaps;
}

function candles(bars: Bars, from: number, to: number): Plot.Markish[] {
  const rows = Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    const up = (bars.close[i] ?? 0) >= (bars.open[i] ?? 0);
    return {
      x: (bars.time[i] ?? 0) + bars.step / 2,
      x1: (bars.time[i] ?? 0) + bars.step * 0.15,
      x2: (bars.time[i] ?? 0) + bars.step * 0.85,
      low: bars.low[i] ?? NaN,
      high: bars.high[i] ?? NaN,
      open: bars.open[i] ?? NaN,
      close: bars.close[i] ?? NaN,
      color: up ? 'var(--up, #0b7a4b)' : 'var(--down, #b3261e)',
      filled: bars.filled[i] === 1,
    };
  });
  const opacity = (row: { filled: boolean }) => (row.filled ? 0.35 : 1);
  return [
    Plot.ruleX(rows, { x: 'x', y1: 'low', y2: 'high', stroke: 'color', strokeOpacity: opacity, clip: true }),
    Plot.rectY(rows, { x1: 'x1', x2: 'x2', y1: 'open', y2: 'close', fill: 'color', fillOpacity: opacity, clip: true }),
    // A bar that closes where it opened has no body: a tick keeps it visible.
    Plot.link(
      rows.filter((row) => row.open === row.close),
      {
        x1: 'x1',
        x2: 'x2',
        y1: 'open',
        y2: 'close',
        stroke: 'color',
        clip: true,
      },
    ),
  ];
}

/** Lowest and highest price of the bars [from, to), those at `outliers` left out. */
type Prices = readonly [number, number];

function pricesWithin(bars: Bars, from: number, to: number, outliers: ReadonlySet<number>): Prices {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    if (outliers.has(bars.time[i] ?? NaN)) continue;
    low = Math.min(low, bars.low[i] ?? Infinity);
    high = Math.max(high, bars.high[i] ?? -Infinity);
  }
  return [low, high];
}

/** Where volume begins, below all prices. */
function groundOf([low, high]: Prices): number {
  return low - (high - low) * 0.25;
}

/** Volume as pale bars on the lowest fifth of the picture, in proportion to the largest one shown. */
function volumes(bars: Bars, from: number, to: number, [low, high]: Prices): Plot.Markish[] {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, bars.volume[i] ?? 0);
  if (most === 0 || low >= high) return [];
  const ground = groundOf([low, high]);
  const rows = Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    return {
      x1: (bars.time[i] ?? 0) + bars.step * 0.15,
      x2: (bars.time[i] ?? 0) + bars.step * 0.85,
      y2: ground + (((bars.volume[i] ?? 0) / most) * (high - low)) / 5,
    };
  });
  const fill = 'var(--text-muted, #888)';
  return [Plot.rectY(rows, { x1: 'x1', x2: 'x2', y1: ground, y2: 'y2', fill, fillOpacity: 0.3, clip: true })];
}

/** A dashed line at each time that was found to hold an outlier, and an arrow at the edge behind which its price lies. */
function outlierMarks(
  bars: Bars,
  times: readonly number[],
  [low, high]: Prices,
  { domain }: ChartFrame,
): Plot.Markish[] {
  const inView = times.filter((time) => time + bars.step >= domain[0] && time <= domain[1]);
  if (inView.length === 0) return [];
  const rows = inView.map((time) => {
    const far = farthest(bars, time, (low + high) / 2);
    const what = far === null ? 'left out' : `${far.name} ${formatPrice(far.price)}`;
    return {
      x: time + bars.step / 2,
      isBelow: far !== null && far.price < low,
      title: `outlier at ${formatTime(time)} UTC: ${what}`,
    };
  });
  const color = 'var(--warn, #8a5a00)';
  const arrow = { x: 'x', symbol: 'triangle', r: 4, fill: color, title: 'title' } as const;
  return [
    Plot.ruleX(rows, { x: 'x', stroke: color, strokeDasharray: '2 3', strokeOpacity: 0.7, clip: true }),
    Plot.dot(
      rows.filter(({ isBelow }) => !isBelow),
      { ...arrow, frameAnchor: 'top', dy: 4 },
    ),
    Plot.dot(
      rows.filter(({ isBelow }) => isBelow),
      { ...arrow, frameAnchor: 'bottom', dy: -4, rotate: 180 },
    ),
  ];
}

/** The price of the bar that opened at `time` farthest from a level; null where that bar was left out. */
function farthest(bars: Bars, time: number, level: number): { readonly name: string; readonly price: number } | null {
  const i = lowerBound(bars.time, time);
  if (bars.time[i] !== time) return null;
  const prices = (['high', 'low', 'open', 'close'] as const).map((name) => ({ name, price: bars[name][i] ?? NaN }));
  return prices.reduce((a, b) => (Math.abs(Math.log(b.price / level)) > Math.abs(Math.log(a.price / level)) ? b : a));
}

/** Bands where nothing was traded and no price moved, named where there is room. */
function standstillBands(times: Marked['standstills'], { domain, width }: ChartFrame): Plot.Markish[] {
  const rows = times
    .filter(([from, to]) => to > domain[0] && from < domain[1])
    .map(([x1, x2]) => ({ x1, x2, title: `standing still from ${formatTime(x1)} to ${formatTime(x2)} UTC` }));
  const word = 'standing still';
  const room = (word.length * 6 + 8) * ((domain[1] - domain[0]) / width);
  const named = rows
    .map(({ x1, x2 }) => ({ from: Math.max(x1, domain[0]), to: Math.min(x2, domain[1]) }))
    .filter(({ from, to }) => to - from > room);
  return [
    Plot.rect(rows, {
      x1: 'x1',
      x2: 'x2',
      fill: 'var(--warn, #8a5a00)',
      fillOpacity: 0.13,
      title: 'title',
      clip: true,
    }),
    Plot.text(named, {
      x: ({ from, to }) => (from + to) / 2,
      text: () => word,
      frameAnchor: 'top',
      dy: 6,
      fill: 'var(--warn, #8a5a00)',
    }),
  ];
}

/** What the cleaning found, to be marked. */
interface Marked {
  /** Opening times of bars with a price far off, ms. */
  readonly outliers: readonly number[];
  /** From and to of stretches that stand still, ms. */
  readonly standstills: readonly (readonly [number, number])[];
}

/**
 * Candles (closes when zoomed out) with split bands, the gaps at which windows are broken, stretches that stand still,
 * and marks at outliers, which the axis of prices leaves out: one bad tick would press all others into a line.
 */
export function pricePlot(
  bars: Bars,
  splits: SplitBands | null,
  frame: ChartFrame,
  { outliers, standstills }: Marked = { outliers: [], standstills: [] },
): Plot.PlotOptions {
  const from = Math.max(0, lowerBound(bars.time, frame.domain[0]) - 1);
  const to = Math.min(bars.time.length, lowerBound(bars.time, frame.domain[1]) + 1);
  const odd = new Set(outliers);
  const prices = pricesWithin(bars, from, to, odd);
  const hasOdd = prices[0] < prices[1] && outliers.some((time) => time >= frame.domain[0] && time <= frame.domain[1]);
  const few = to - from <= Math.min(mostCandles, frame.width / 3);
  const kept = few ? null : decimate(bars.time, bars.close, Math.max(50, Math.round(frame.width)), ...frame.domain);
  const line = kept
    ? Array.from(kept, (i) => ({ x: bars.time[i] ?? NaN, y: bars.close[i] ?? NaN, segment: bars.segment[i] ?? 0 }))
    : [];
  return {
    marginLeft: 56,
    marginRight: 12,
    marginTop: 18,
    marginBottom: 34,
    x: { type: 'utc', domain: [...frame.domain], label: null, ticks: frame.width < 420 ? 4 : 7 },
    y: {
      type: frame.log ? 'log' : 'linear',
      grid: true,
      label: null,
      nice: true,
      ticks: 5,
      tickFormat: '~s',
      zero: false,
      ...(hasOdd ? { domain: [few && !frame.log ? groundOf(prices) : prices[0], prices[1]] } : {}),
    },
    marks: [
      ...(splits && bars.time.length > 0
        ? splitMarks(splits, [bars.time[0], bars.time[bars.time.length - 1] + bars.step], frame)
        : []),
      ...standstillBands(standstills, frame),
      Plot.rect(gapsWithin(bars, from, to), {
        x1: 'x1',
        x2: 'x2',
        fill: 'var(--down, #b3261e)',
        fillOpacity: 0.18,
        clip: true,
      }),
      ...(few
        ? [...(frame.log ? [] : volumes(bars, from, to, prices)), ...candles(bars, from, to)]
        : [
            Plot.lineY(line, {
              x: 'x',
              y: 'y',
              z: 'segment',
              stroke: 'var(--text, currentcolor)',
              strokeWidth: 1,
              clip: true,
            }),
          ]),
      ...outlierMarks(bars, outliers, prices, frame),
    ],
  };
}
