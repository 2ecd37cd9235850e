import { nearest } from '#core/chart/decimate.ts';
import { lowerBound } from '#core/lower-bound.ts';
import { formatNumber } from '#lib/ui/format.ts';
import type { Reader, Reading } from './chart-frame.ts';
import { type Level, lineLook, type LineSeries } from './line-series.ts';
import { seriesColor } from './palette.ts';
import type { Place, XAxis } from './x-axis.ts';

/** The point to tell while nothing is pointed at, and what it is called: "best", "newest". */
export interface Rest {
  readonly x: number;
  readonly word: string;
}

interface Read {
  readonly series: readonly LineSeries[];
  readonly levels: readonly Level[];
  readonly axis: XAxis;
  /** By default the newest point. */
  readonly rest: Rest | null;
  /** Distance of x within which points count as standing at one place. */
  readonly tolerance: number;
}

/** A point of a line, as far as it says where it is. */
export function placeOf({ x, step, time }: LineSeries, i: number): Place {
  return {
    x: x[i] ?? NaN,
    ...(step ? { step: step[i] ?? NaN } : {}),
    ...(time ? { time: time[i] ?? NaN } : {}),
  };
}

/**
 * Reads lines at their points, never between them: at an x the nearest point of any line, and of the other lines their
 * own nearest points, each with its place where that is another.
 */
export function lineReader({ series, levels, axis, rest, tolerance }: Read): Reader {
  const shown = series.map((one, index) => ({ one, index })).filter(({ one }) => one.x.length > 0);
  // The parent's curve may go on long after the run has ended: it is no reading of this run.
  const own = shown.filter(({ one }) => one.role !== 'parent');
  const longest = Math.max(...shown.map(({ one }) => one.x.length));
  const candidates = own.length > 0 ? own : shown;

  function nearestPoint(x: number): { readonly one: LineSeries; readonly at: number } | null {
    let best: { one: LineSeries; at: number } | null = null;
    for (const { one } of candidates) {
      const at = nearest(one.x, x);
      if (!best || distance(one, at, x) < distance(best.one, best.at, x)) best = { one, at };
    }
    return best;
  }

  function read(x: number | null): Reading {
    const target = x ?? rest?.x ?? Math.max(...candidates.map(({ one }) => one.x[one.x.length - 1] ?? -Infinity));
    const point = nearestPoint(target);
    if (!point) return { x: null, place: '', values: [] };
    const place = placeOf(point.one, point.at);
    const word = x !== null ? '' : `${rest ? rest.word : 'newest'}: `;
    const values = shown.map(({ one, index }) => {
      const at = nearest(one.x, place.x);
      const value = one.y[at] ?? NaN;
      const own = placeOf(one, at);
      const look = lineLook(one, index);
      return {
        label: one.label,
        value: formatNumber(value) + interval(one, at),
        full: String(value),
        color: look.color,
        dashed: look.dash !== null,
        dot: { x: own.x, y: value },
        hasInterval: one.band !== undefined,
        mayRoam: one.x.length < longest,
        ...(distance(one, at, place.x) > tolerance ? { elsewhere: axis.brief(own) } : {}),
      };
    });
    const flat = levels.map(({ label, y }) => ({
      label,
      value: formatNumber(y),
      full: String(y),
      color: seriesColor('baseline', 0),
      dashed: true,
    }));
    return { x: place.x, place: word + axis.words(place), values: [...values, ...flat] };
  }

  function beside(x: number | null, by: 1 | -1): number | null {
    const next = candidates.flatMap(({ one }): readonly number[] => {
      const last = one.x.length - 1;
      if (x === null) return [one.x[by > 0 ? 0 : last] ?? NaN];
      let at = lowerBound(one.x, x);
      if (by < 0) return at > 0 ? [one.x[at - 1] ?? NaN] : [];
      while (at <= last && one.x[at] === x) at++;
      return at <= last ? [one.x[at] ?? NaN] : [];
    });
    return next.length === 0 ? null : by > 0 ? Math.min(...next) : Math.max(...next);
  }

  return { read, beside };
}

function interval({ band }: LineSeries, at: number): string {
  const [low, high] = [band?.low[at] ?? NaN, band?.high[at] ?? NaN];
  return Number.isFinite(low) && Number.isFinite(high) ? ` (${formatNumber(low)} to ${formatNumber(high)})` : '';
}

function distance({ x }: LineSeries, at: number, from: number): number {
  return Math.abs((x[at] ?? NaN) - from);
}
