import { decimate } from '#core/chart/decimate.ts';
import { robustRange } from '#core/chart/robust-range.ts';
import { logTicks, niceTicks, type Ticks } from '#core/chart/ticks.ts';
import { lowerBound } from '#core/lower-bound.ts';
import type { ChartFrame, Outside } from './chart-frame.ts';
import { type Level, lineLook, type LineMark, type LineSeries } from './line-series.ts';

export interface Point {
  readonly x: number;
  /** NaN where the line has a gap. */
  readonly y: number;
  /** As it is stored. */
  readonly value: number;
}

/** The y axis of a chart of lines. */
interface LineScale {
  readonly ticks: Ticks;
  /** Points that the axis leaves out, as they would be drawn. */
  readonly left: readonly Point[];
  readonly outside: Outside | null;
}

/** A line with those of its points that a frame needs. */
export interface DrawnLine {
  readonly one: LineSeries;
  readonly color: string;
  readonly dash: string | null;
  /** Indices of the points. */
  readonly kept: Int32Array;
  /** As measured. */
  readonly points: readonly Point[];
  /** What is drawn as the line: smoothed, or the same. */
  readonly line: readonly Point[];
}

interface Scaled {
  readonly lines: readonly DrawnLine[];
  readonly levels: readonly Level[];
  readonly marks: readonly LineMark[];
  /** Smallest y domain, e.g. [0, 100] for percents. */
  readonly yDomain?: readonly [number, number];
}

/** Steps of the grid, about: a low chart has few, so that their numbers stand apart. */
const gridSteps = ({ height }: ChartFrame) => Math.max(2, Math.round((height - 50) / 28));

/** A bucket for two pixel columns: with up to five points each they show what a line of nearly two pixels can. */
const bucketsOf = (frame: ChartFrame) => Math.max(50, Math.round(frame.width / 2));

/** Thins lines to what a frame can show; smoothing was done before, on all points. */
export function drawLines(series: readonly LineSeries[], frame: ChartFrame): readonly DrawnLine[] {
  return series.map((one, index) => {
    const kept = decimate(one.x, one.y, bucketsOf(frame), ...frame.domain);
    const points = pointsAt(kept, one.x, one.y, frame);
    const smoothed = one.smooth;
    const line = smoothed
      ? pointsAt(decimate(one.x, smoothed, bucketsOf(frame), ...frame.domain), one.x, smoothed, frame)
      : points;
    return { one, ...lineLook(one, index), kept, points, line };
  });
}

/** Points of columns at some of their indices. */
export function pointsAt(
  kept: Int32Array,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  frame: ChartFrame,
): readonly Point[] {
  return Array.from(kept, (i) => {
    const value = y[i] ?? NaN;
    return { x: x[i] ?? NaN, y: canStand(value, frame) ? value : NaN, value };
  });
}

const canStand = (value: number, { log }: Pick<ChartFrame, 'log'>) => Number.isFinite(value) && (!log || value > 0);

/**
 * The y axis over what is drawn in the frame. Far outliers do not set it, the newest points, levels and marks always
 * do; with `frame.isWhole` everything does.
 */
export function lineScale({ lines, levels, marks, yDomain }: Scaled, frame: ChartFrame): LineScale {
  const ends: number[] = [];
  let isThinned = false;
  for (const { one, kept } of lines) {
    const { x, y } = one;
    const [from, to] = within(x, frame.domain);
    isThinned ||= kept.length < to - from;
    const range = robustRange(frame.log ? toLogs(y, from, to) : y, from, to, kept);
    if (!range) continue;
    const found = frame.isWhole ? [range.lowest, range.highest] : [range.low, range.high];
    ends.push(...(frame.log ? found.map((power) => 10 ** power) : found), ...(one.area ? [0] : []));
    if (one.band) {
      for (const column of [one.band.low, one.band.high]) {
        for (const { y: end } of pointsAt(kept, x, column, frame)) ends.push(end);
      }
    }
  }
  ends.push(...levels.map(({ y }) => y), ...marks.map(({ y }) => y ?? NaN));
  const known = ends.filter((value) => canStand(value, frame));
  const ticks = yDomain && !frame.log ? niceTicks(...yDomain, gridSteps(frame)) : ticksOver(known, frame);
  return { ticks, ...leftOut(lines, ticks.domain, frame, isThinned) };
}

function ticksOver(values: readonly number[], frame: ChartFrame): Ticks {
  const most = gridSteps(frame);
  if (values.length === 0) return frame.log ? logTicks(0.1, 10, most) : niceTicks(0, 1, most);
  return (frame.log ? logTicks : niceTicks)(Math.min(...values), Math.max(...values), most);
}

/** Indices of the points within a domain: from, and the one after the last. */
function within(x: ArrayLike<number>, [low, high]: readonly [number, number]): readonly [number, number] {
  let to = lowerBound(x, high);
  while (to < x.length && x[to] === high) to++;
  return [lowerBound(x, low), to];
}

/** Logarithms of a part of a column, at the indices it has there; NaN where there is none. */
function toLogs(y: ArrayLike<number>, from: number, to: number): Float64Array {
  const logs = new Float64Array(to);
  for (let i = from; i < to; i++) logs[i] = (y[i] ?? NaN) > 0 ? Math.log10(y[i] ?? NaN) : NaN;
  return logs;
}

function leftOut(
  lines: readonly DrawnLine[],
  [low, high]: readonly [number, number],
  frame: ChartFrame,
  isThinned: boolean,
): Pick<LineScale, 'left' | 'outside'> {
  const left = lines
    .flatMap(({ points }) => points)
    .filter(({ x, value }) => x >= frame.domain[0] && x <= frame.domain[1] && Number.isFinite(value))
    .filter(({ value }) => value < low || value > high);
  if (left.length === 0) return { left, outside: null };
  const above = left.some(({ value }) => value > high);
  const below = left.some(({ value }) => value < low);
  return { left, outside: { above, below, count: isThinned ? null : left.length } };
}
