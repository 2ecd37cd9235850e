import { isRunName, plainRunName } from '#core/run/run-name.ts';
import { type CurveAxis, curveAxes } from '#lib/run/run-axis.ts';

/** What the address of a comparison says: whoever opens it sees the same. */
export interface CompareAddress {
  /** Names of runs, R7 or ids, in the order of their colours. */
  readonly runs: readonly string[];
  /** The one that the others are held against; one of `runs`. */
  readonly base: string;
  readonly axis: CurveAxis;
  /** Weight β of the smoothing of curves, 0 to 0.999. */
  readonly smoothing: number;
  /** First and last instant of the forecasts shown, ms UTC; null for the first disagreement. */
  readonly stretch: readonly [number, number] | null;
}

/**
 * Reads the query of an address. It never fails: what is no run, and a run that is named twice, is left out, and all else
 * that cannot be is as if it were not there.
 */
export function parseAddress(query: URLSearchParams): CompareAddress {
  const named = (query.get('runs') ?? '').split(',').map(toName);
  const runs = [...new Set(named.filter(isRunName))];
  const base = toName(query.get('base') ?? '');
  const smoothing = Number(query.get('smoothing') ?? 0);
  const stretch = [query.get('from'), query.get('to')].map((text) => (text === null ? NaN : Date.parse(text)));
  const [from, to] = stretch;
  return {
    runs,
    base: runs.includes(base) ? base : (runs[0] ?? ''),
    axis: curveAxes.find((name) => name === query.get('x')) ?? 'epoch',
    smoothing: smoothing >= 0 && smoothing <= 0.999 ? smoothing : 0,
    stretch: from < to ? [from, to] : null,
  };
}

/** Path and query of a comparison; what is as it would be anyway is not in it. */
export function writeAddress({ runs, base, axis, smoothing, stretch }: CompareAddress): string {
  const parts = [
    `runs=${runs.join(',')}`,
    ...(base === runs[0] ? [] : [`base=${base}`]),
    ...(axis === 'epoch' ? [] : [`x=${axis}`]),
    ...(smoothing === 0 ? [] : [`smoothing=${smoothing}`]),
    ...(stretch === null ? [] : [`from=${minuteOf(stretch[0])}`, `to=${minuteOf(stretch[1])}`]),
  ];
  return `/compare?${parts.join('&')}`;
}

/** The runs with the base in front, as they are asked for. */
export function inOrder({ runs, base }: Pick<CompareAddress, 'runs' | 'base'>): readonly string[] {
  return [base, ...runs.filter((name) => name !== base)];
}

function toName(text: string): string {
  return plainRunName(text.trim());
}

function minuteOf(ms: number): string {
  return new Date(ms).toISOString().replace(/:00\.000Z$/, 'Z');
}
