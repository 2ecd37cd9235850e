import * as Plot from '@observablehq/plot';
import type { Bars } from '#core/bars/bars.ts';
import { decimate, lowerBound } from '#core/chart/decimate.ts';
import { type SplitName, splitNames } from '#core/dataset/dataset.ts';
import type { ChartFrame } from './chart-frame.ts';

/** First and last decision time of each split, ms. */
export type Boundaries = Readonly<Record<SplitName, readonly [number, number] | null>>;

const splitColor: Readonly<Record<SplitName, string>> = {
  train: 'var(--series-1, #0072b2)',
  validation: 'var(--series-5, #e69f00)',
  test: 'var(--series-4, #cc79a7)',
};

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

/** Volume as pale bars on the lowest fifth of the picture, in proportion to the largest one shown. */
function volumes(bars: Bars, from: number, to: number): Plot.Markish[] {
  let low = Infinity;
  let high = -Infinity;
  let most = 0;
  for (let i = from; i < to; i++) {
    low = Math.min(low, bars.low[i] ?? Infinity);
    high = Math.max(high, bars.high[i] ?? -Infinity);
    most = Math.max(most, bars.volume[i] ?? 0);
  }
  if (most === 0 || low >= high) return [];
  const ground = low - (high - low) * 0.25;
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

/** A dashed line and a mark above each time that was found to hold an outlier. */
function outlierMarks(times: readonly number[], step: number, [from, to]: ChartFrame['domain']): Plot.Markish[] {
  const rows = times.filter((time) => time + step >= from && time <= to).map((time) => ({ x: time + step / 2, time }));
  if (rows.length === 0) return [];
  const color = 'var(--warn, #8a5a00)';
  return [
    Plot.ruleX(rows, { x: 'x', stroke: color, strokeDasharray: '2 3', strokeOpacity: 0.7, clip: true }),
    Plot.dot(rows, {
      x: 'x',
      frameAnchor: 'top',
      symbol: 'triangle',
      r: 4,
      dy: 4,
      fill: color,
      title: ({ time }: { time: number }) => `outlier at ${new Date(time).toISOString()}`,
    }),
  ];
}

/**
 * Candles (closes when zoomed out) with split bands, the gaps at which windows are broken, and marks at `outliers`
 * (opening times, ms).
 */
export function pricePlot(
  bars: Bars,
  boundaries: Boundaries | null,
  frame: ChartFrame,
  outliers: readonly number[] = [],
): Plot.PlotOptions {
  const from = Math.max(0, lowerBound(bars.time, frame.domain[0]) - 1);
  const to = Math.min(bars.time.length, lowerBound(bars.time, frame.domain[1]) + 1);
  const few = to - from <= Math.min(mostCandles, frame.width / 3);
  const kept = few ? null : decimate(bars.time, bars.close, Math.max(50, Math.round(frame.width)), ...frame.domain);
  const line = kept
    ? Array.from(kept, (i) => ({ x: bars.time[i] ?? NaN, y: bars.close[i] ?? NaN, segment: bars.segment[i] ?? 0 }))
    : [];
  const bands = boundaries
    ? splitNames.flatMap((name) => {
        const band = boundaries[name];
        return band ? [{ name, x1: band[0], x2: band[1], color: splitColor[name] }] : [];
      })
    : [];
  const inView = bands.filter((band) => band.x2 > frame.domain[0] && band.x1 < frame.domain[1]);
  // A band too narrow for its name goes without: the colours and the counts below still tell.
  const perPixel = (frame.domain[1] - frame.domain[0]) / frame.width;
  const labelled = inView.filter(
    ({ name, x1, x2 }) =>
      Math.min(x2, frame.domain[1]) - Math.max(x1, frame.domain[0]) > (name.length * 6.5 + 4) * perPixel,
  );
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
    },
    marks: [
      Plot.rect(inView, { x1: 'x1', x2: 'x2', fill: 'color', fillOpacity: 0.07, clip: true }),
      Plot.text(labelled, {
        x: (band) => Math.max(band.x1, frame.domain[0]),
        text: 'name',
        frameAnchor: 'top',
        dy: -12,
        textAnchor: 'start',
        fill: 'color',
      }),
      Plot.rect(gapsWithin(bars, from, to), {
        x1: 'x1',
        x2: 'x2',
        fill: 'var(--down, #b3261e)',
        fillOpacity: 0.18,
        clip: true,
      }),
      ...(few
        ? [...(frame.log ? [] : volumes(bars, from, to)), ...candles(bars, from, to)]
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
      ...outlierMarks(outliers, bars.step, frame.domain),
    ],
  };
}
