import * as Plot from '@observablehq/plot';
import type { Boundaries } from '#core/bars/boundaries.ts';
import type { SplitName } from '#core/dataset/dataset.ts';
import { formatTime } from '#lib/ui/format.ts';
import type { ChartFrame } from './chart-frame.ts';

/** What of the splits a price chart shows. */
export interface SplitBands extends Boundaries {
  /** Whether the result of the test is in its envelope. */
  readonly isSealed: boolean;
}

interface Band {
  readonly name: SplitName;
  readonly x1: number;
  readonly x2: number;
  readonly color: string;
  /** What is written above, from the longest to the shortest. */
  readonly labels: readonly string[];
  readonly title: string;
}

/** Pixels between two lines of the hatching. */
const hatchStep = 8;
const letterWidth = 6.5;

/** A boundary in UTC, without the clock where it is midnight: 2021-06-01, 2021-06-01 13:00. */
export function formatBoundary(ms: number): string {
  return formatTime(ms).replace(/ 00:00$/, '');
}

/**
 * Train, validation and test as pale bands behind the prices from `first` to `last` (ms), with the date at which each
 * begins; a sealed test is hatched.
 */
export function splitMarks(
  { validationFrom, testFrom, until, isSealed }: SplitBands,
  [first, last]: readonly [number, number],
  { domain, width }: ChartFrame,
): Plot.Markish[] {
  const end = Math.min(last, until ?? last);
  const band = (name: SplitName, x1: number, x2: number, color: string, words: string): Band => ({
    name,
    x1: Math.max(x1, first),
    x2: Math.min(x2, end),
    color,
    labels: [...(words === '' ? [] : [`${name} ${words}`]), name],
    title: `${name}${x1 > first ? ` from ${formatBoundary(x1)}` : ''} to ${formatBoundary(Math.min(x2, end))} UTC`,
  });
  const sealed = isSealed ? ', sealed' : '';
  const bands = [
    band('train', first, validationFrom, 'var(--series-1, #0072b2)', ''),
    band('validation', validationFrom, testFrom, 'var(--series-5, #e69f00)', `from ${formatBoundary(validationFrom)}`),
    band('test', testFrom, end, 'var(--series-4, #cc79a7)', `from ${formatBoundary(testFrom)}${sealed}`),
  ].filter(({ x1, x2 }) => x2 > Math.max(x1, domain[0]) && x1 < domain[1]);
  const starts = bands.filter(({ name, x1 }) => name !== 'train' && x1 > domain[0]);
  // A band too narrow for its words goes with its name, or without: the colours and the figures below still tell.
  const perPixel = (domain[1] - domain[0]) / width;
  const labelled = bands.flatMap(({ labels, x1, x2, color }) => {
    const [from, to] = [Math.max(x1, domain[0]), Math.min(x2, domain[1])];
    const text = labels.find((label) => to - from > (label.length * letterWidth + 4) * perPixel);
    return text === undefined ? [] : [{ x: from, text, color }];
  });
  return [
    Plot.rect(bands, { x1: 'x1', x2: 'x2', fill: 'color', fillOpacity: 0.07, title: 'title', clip: true }),
    ...bands.filter(({ name }) => isSealed && name === 'test').map(hatching),
    Plot.ruleX(starts, { x: 'x1', stroke: 'color', strokeWidth: 1.2, strokeDasharray: '3 2' }),
    Plot.text(labelled, { x: 'x', text: 'text', frameAnchor: 'top', dy: -12, textAnchor: 'start', fill: 'color' }),
  ];
}

/** Diagonal lines over a band. */
function hatching({ x1, x2, color }: Band): Plot.Markish {
  return (_index, { x }, _values, dimensions, { document }) => {
    const top = dimensions.marginTop;
    const bottom = dimensions.height - dimensions.marginBottom;
    const left = Math.max(Number(x?.(x1)), dimensions.marginLeft);
    const right = Math.min(Number(x?.(x2)), dimensions.width - dimensions.marginRight);
    let d = '';
    for (let foot = left - (bottom - top); foot < right; foot += hatchStep) {
      const [from, to] = [Math.max(foot, left), Math.min(foot + bottom - top, right)];
      if (to > from) d += `M${from},${bottom - (from - foot)}L${to},${bottom - (to - foot)}`;
    }
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    for (const [name, value] of Object.entries({ d, stroke: color, 'stroke-opacity': '0.35', 'data-sealed': '' })) {
      path.setAttribute(name, value);
    }
    return path;
  };
}
