import * as Plot from '@observablehq/plot';
import type { Ticks } from '#core/chart/ticks.ts';
import { formatNumber } from '#lib/ui/format.ts';
import type { Build, ChartFrame } from './chart-frame.ts';
import { type EndLabel, endLabels } from './line-labels.ts';
import { type DrawnLine, drawLines, lineScale, type Point, pointsAt } from './line-scale.ts';
import type { Level, LineMark, LineSeries } from './line-series.ts';
import { seriesColor } from './palette.ts';
import { tickLabel } from './tick-label.ts';
import type { XAxis } from './x-axis.ts';
import type { XWindow } from './x-window.ts';

export interface LineLayout {
  readonly axis: XAxis;
  readonly levels?: readonly Level[];
  readonly marks?: readonly LineMark[];
  /** Stretches of x that are shaded. */
  readonly shades?: readonly XWindow[];
  /** Smallest y domain, e.g. [0, 100] for percents. */
  readonly yDomain?: readonly [number, number];
  /** Whether no point is left out as an outlier: a learning rate is as it was planned. */
  readonly isExact?: boolean;
}

/** Pixels around the plot. Eight signs, as of 0.001630, are the longest tick. */
const margin = { top: 16, bottom: 34, left: 66, right: 12 } as const;
/** Beside charts that stand together, so that all of them are as wide: room for the words "always one side". */
const labelRoom = 96;
/** From here on there is room for labels at the ends of lines. */
const wideFrom = 380;
/** Scores of an epoch stand at points; more of them would hide their line. */
const mostDots = 40;
/** Marks at an edge closer than this are drawn as one. */
const edgeSpacing = 9;

const marginRight = ({ axis }: LineLayout, { width }: ChartFrame) =>
  axis.domain && width >= wideFrom ? labelRoom : margin.right;

/** Margins and axes of a chart over x. */
export function axesOf(layout: LineLayout, ticks: Ticks, frame: ChartFrame): Plot.PlotOptions {
  const { axis } = layout;
  const right = marginRight(layout, frame);
  const most = Math.max(2, Math.floor((frame.width - margin.left - right) / 44));
  const xTicks = axis.isTime ? [] : axis.ticks(frame.domain, most);
  const words = new Map(xTicks.map(({ at, text }) => [at, text]));
  return {
    marginLeft: margin.left,
    marginRight: right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    x: {
      domain: [...frame.domain],
      label: axis.label,
      labelArrow: 'none',
      ...(axis.isTime
        ? { type: 'utc', ticks: frame.width < 420 ? 4 : 7 }
        : { type: 'linear', ticks: xTicks.map(({ at }) => at), tickFormat: (at: number) => words.get(at) ?? '' }),
    },
    y: {
      type: frame.log ? 'log' : 'linear',
      domain: [...ticks.domain],
      ticks: [...ticks.values],
      tickFormat: (value: number) => tickLabel(value, frame.log ? { ...ticks, step: value } : ticks),
      label: null,
      grid: true,
    },
  };
}

/** Line chart from columns to Plot options: pure, and of at most a few thousand points however long the series. */
export function linePlot(series: readonly LineSeries[], layout: LineLayout, given: ChartFrame): ReturnType<Build> {
  const { levels = [], marks = [], shades = [], yDomain, isExact = false } = layout;
  const frame = isExact ? { ...given, isWhole: true } : given;
  const inView = marks.filter(({ x }) => x >= frame.domain[0] && x <= frame.domain[1]);
  const lines = drawLines(series, frame);
  const { ticks, left, outside } = lineScale({ lines, levels, marks: inView, ...(yDomain ? { yDomain } : {}) }, frame);
  const options: Plot.PlotOptions = {
    ...axesOf(layout, ticks, frame),
    marks: [
      ...shadesOf(shades, frame),
      ...lines.flatMap((line) => bandOf(line, frame)),
      ...levels.map(({ y }) =>
        Plot.ruleY([y], { stroke: seriesColor('baseline', 0), strokeWidth: 1.25, strokeDasharray: '4 3', clip: true }),
      ),
      ...inView.map(({ x }) =>
        Plot.ruleX([x], { stroke: 'var(--text-muted, #888)', strokeOpacity: 0.7, strokeDasharray: '1 3', clip: true }),
      ),
      ...lines.flatMap(linesOf),
      ...inView.flatMap((mark) => markOf(mark, layout, frame)),
      ...edgesOf(left, ticks, frame),
      ...gapsOf(
        lines.flatMap(({ points }) => points.filter(({ value }) => !Number.isFinite(value))),
        frame,
      ),
      ...(layout.axis.domain && frame.width >= wideFrom && series.length + levels.length > 1
        ? labelsOf(lines, levels, layout, ticks, frame)
        : []),
    ],
  };
  return { options, outside };
}

function shadesOf(shades: readonly XWindow[], { domain: [from, to] }: ChartFrame): readonly Plot.Markish[] {
  const inView = shades.filter(([x1, x2]) => x2 >= from && x1 <= to).map(([x1, x2]) => ({ x1, x2 }));
  if (inView.length === 0) return [];
  return [Plot.rect(inView, { x1: 'x1', x2: 'x2', fill: 'var(--warn, #8a5200)', fillOpacity: 0.13, clip: true })];
}

function bandOf({ one: { x, band }, kept, color }: DrawnLine, frame: ChartFrame): readonly Plot.Markish[] {
  if (!band) return [];
  const high = pointsAt(kept, x, band.high, frame);
  const ends = pointsAt(kept, x, band.low, frame).map((low, k) => ({ x: low.x, low: low.y, high: high[k]?.y ?? NaN }));
  return [Plot.areaY(ends, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.14, clip: true })];
}

function linesOf({ one, color, dash, points, line }: DrawnLine): readonly Plot.Markish[] {
  const at = { x: 'x', y: 'y', clip: true } as const;
  const count = points.filter(({ y }) => !Number.isNaN(y)).length;
  return [
    ...(one.area ? [Plot.areaY(points, { ...at, fill: color, fillOpacity: 0.15 })] : []),
    ...(one.smooth ? [Plot.lineY(points, { ...at, stroke: color, strokeOpacity: 0.3, strokeWidth: 1 })] : []),
    Plot.lineY(line, {
      ...at,
      stroke: color,
      strokeWidth: one.role === 'parent' ? 1.5 : 1.75,
      ...(dash === null ? {} : { strokeDasharray: dash }),
    }),
    ...(count < 3 || (one.role === 'validation' && count <= mostDots)
      ? [Plot.dot(points, { ...at, fill: color, r: count < 3 ? 3 : 2 })]
      : []),
    ...(one.mark
      ? [
          Plot.dot([one.mark], {
            ...at,
            r: 4.5,
            fill: color,
            stroke: 'var(--surface, white)',
            strokeWidth: 1.5,
            title: ({ y, label }: NonNullable<LineSeries['mark']>) => `${one.label}, ${label}: ${formatNumber(y)}`,
          }),
        ]
      : []),
  ];
}

/** The chart's own value at a marked place, beside the place's rule. */
function markOf(mark: LineMark, layout: LineLayout, frame: ChartFrame): readonly Plot.Markish[] {
  if (mark.y === null || !Number.isFinite(mark.y) || (frame.log && mark.y <= 0)) return [];
  // In the right half the words stand to the left of the rule, so that they stay in the frame.
  const isRight = mark.x > (frame.domain[0] + frame.domain[1]) / 2;
  const words = `${mark.label} ${formatNumber(mark.y)}`;
  return [
    Plot.dot([mark], {
      x: 'x',
      y: 'y',
      r: 4,
      fill: seriesColor('validation', 0),
      stroke: 'var(--surface, white)',
      strokeWidth: 1.5,
      title: () => `${words} at ${layout.axis.words(mark)}`,
    }),
    Plot.text([mark], {
      x: 'x',
      text: () => words,
      frameAnchor: 'top',
      dx: isRight ? -4 : 4,
      dy: -margin.top + 3,
      textAnchor: isRight ? 'end' : 'start',
      fill: seriesColor('validation', 0),
    }),
  ];
}

/** Triangles at the edges beyond which points lie. */
function edgesOf(left: readonly Point[], { domain }: Ticks, frame: ChartFrame): readonly Plot.Markish[] {
  const edges = [
    { anchor: 'top', rotate: 0, points: left.filter(({ value }) => value > domain[1]) },
    { anchor: 'bottom', rotate: 180, points: left.filter(({ value }) => value < domain[0]) },
  ] as const;
  return edges.flatMap(({ anchor, rotate, points }) =>
    points.length === 0
      ? []
      : Plot.dot(spaced(points, frame), {
          x: 'x',
          frameAnchor: anchor,
          symbol: 'triangle',
          r: 3,
          rotate,
          fill: 'var(--text-muted, #666)',
          title: ({ value }: Point) => `${formatNumber(value)}, outside the axis`,
        }),
  );
}

/** Where a value is not a number or not finite: a sign at the edge, for the line has only a gap there. */
function gapsOf(points: readonly Point[], frame: ChartFrame): readonly Plot.Markish[] {
  const inView = points.filter(({ x }) => x >= frame.domain[0] && x <= frame.domain[1]);
  const isHigh = ({ value }: Point) => value === Infinity;
  return (['top', 'bottom'] as const).flatMap((anchor) => {
    const there = inView.filter((point) => isHigh(point) === (anchor === 'top'));
    if (there.length === 0) return [];
    return Plot.text(spaced(there, frame), {
      x: 'x',
      frameAnchor: anchor,
      dy: anchor === 'top' ? 4 : -5,
      text: ({ value }: Point) => (Number.isNaN(value) ? '×' : '∞'),
      title: ({ value }: Point) => formatNumber(value),
      fontSize: 12,
      fontWeight: 700,
      fill: 'var(--bad, #b3261e)',
    });
  });
}

function spaced(points: readonly Point[], { domain, width }: ChartFrame): readonly Point[] {
  const gap = (edgeSpacing * (domain[1] - domain[0])) / width;
  const kept: Point[] = [];
  for (const point of points.toSorted((a, b) => a.x - b.x)) {
    if (kept.length === 0 || point.x - (kept.at(-1)?.x ?? 0) >= gap) kept.push(point);
  }
  return kept;
}

function labelsOf(
  drawn: readonly DrawnLine[],
  levels: readonly Level[],
  layout: LineLayout,
  ticks: Ticks,
  frame: ChartFrame,
): readonly Plot.Markish[] {
  const plot = {
    width: frame.width - margin.left - marginRight(layout, frame),
    height: frame.height - margin.top - margin.bottom,
  };
  const scaled = (value: number) => (frame.log ? Math.log(value) : value);
  const [low, high] = [scaled(ticks.domain[0]), scaled(ticks.domain[1])];
  const toY = (value: number) =>
    margin.top + plot.height * Math.min(1, Math.max(0, 1 - (scaled(value) - low) / (high - low)));
  const toX = (x: number) => (plot.width * (x - frame.domain[0])) / (frame.domain[1] - frame.domain[0]);
  const lines = drawn.flatMap(({ one, color, line }): EndLabel[] => {
    const end = line.findLast(({ x, y }) => !Number.isNaN(y) && x >= frame.domain[0] && x <= frame.domain[1]);
    return end ? [{ text: one.label, color, x: toX(end.x), y: toY(end.y) }] : [];
  });
  const flat = levels
    .filter(({ y }) => !frame.log || y > 0)
    .map(({ label, y }): EndLabel => ({ text: label, color: 'var(--text, currentcolor)', x: plot.width, y: toY(y) }));
  return endLabels([...lines, ...flat], { top: margin.top, bottom: margin.top + plot.height });
}
