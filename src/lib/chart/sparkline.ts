import { quantile } from '#core/quantile.ts';

/** A line of a sparkline: ascending x, and y; what is not finite is left out. */
export interface SparkLine {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** own: what the line is about; parent: dotted, behind it. */
  readonly role: 'own' | 'parent';
}

interface SparkFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Of x; the line grows into it. */
  readonly domain: readonly [number, number];
  /** x of the point that the figure beside it is of; null, or absent, for the end of the line. */
  readonly at?: number | null;
}

interface Sparkline {
  /** Path data by line, in their order; empty where there is nothing to draw. */
  readonly paths: readonly string[];
  /** y of the level in pixels; null where there is none. */
  readonly level: number | null;
  /** Where the own line has its dot; null before its first point. */
  readonly dot: readonly [number, number] | null;
}

/** Above how many points a few that stand out are left beyond the edge. */
const manyPoints = 12;

/** Lines and a level in a small picture without axes. Of each column of pixels the last point is drawn. */
export function sparkline(lines: readonly SparkLine[], level: number | null, frame: SparkFrame): Sparkline {
  const { width, height, domain, at = null } = frame;
  const seen = lines.flatMap(({ y }) => rangeOf(y));
  const values = level === null ? seen : [...seen, level];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = 2;
  const toX = (x: number) => ((x - domain[0]) / (domain[1] - domain[0] || 1)) * width;
  const toY = (y: number) => pad + (high === low ? 0.5 : (high - y) / (high - low)) * (height - 2 * pad);
  const round = (value: number) => Math.round(10 * value) / 10;
  let dot: Sparkline['dot'] = null;
  const paths = lines.map(({ x, y, role }) => {
    const points: (readonly [number, number])[] = [];
    for (let i = 0; i < y.length; i++) {
      if (!Number.isFinite(y[i]) || !Number.isFinite(x[i])) continue;
      const point = [round(toX(x[i])), round(toY(y[i]))] as const;
      if (role === 'own' && (at === null || x[i] <= at)) dot = point;
      const last = points.at(-1);
      if (last !== undefined && Math.floor(last[0]) === Math.floor(point[0])) points.pop();
      points.push(point);
    }
    return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('');
  });
  return { paths, level: level === null || values.length === 0 ? null : round(toY(level)), dot };
}

/** Ends of what is shown: all of a few values; of many the loss of the first steps would flatten what follows. */
function rangeOf(y: ArrayLike<number>): readonly number[] {
  const finite = Float64Array.from(y).filter(Number.isFinite).sort();
  if (finite.length === 0) return [];
  if (finite.length < manyPoints) return [finite[0], finite[finite.length - 1]];
  return [quantile(finite, 0.02), quantile(finite, 0.92)];
}
