import * as Plot from '@observablehq/plot';
import { spread } from '#core/chart/spread.ts';

/** What a line or a level is called, at its end. */
export interface EndLabel {
  readonly text: string;
  readonly color: string;
  /** Pixels from the left edge and from the top edge of the chart. */
  readonly x: number;
  readonly y: number;
}

/** Where labels may stand, in pixels from the chart's top edge. */
interface Room {
  readonly top: number;
  readonly bottom: number;
}

/** Height of a line of 11 px letters. */
const lineHeight = 13;
/** Labels that begin less than this apart may run into each other. */
const width = 66;

/** Labels at the ends of lines in place of a legend; those that would cover each other are moved apart. */
export function endLabels(labels: readonly EndLabel[], { top, bottom }: Room): readonly Plot.Markish[] {
  return groupsOf(labels).flatMap((group) => {
    const wanted = group.map(({ y }) => y);
    const places = spread(wanted, lineHeight, top + lineHeight / 2, bottom - lineHeight / 2);
    return group.map(({ text, color, x }, k) =>
      Plot.text([text], {
        frameAnchor: 'top-left',
        text: (word: string) => word,
        textAnchor: 'start',
        lineAnchor: 'middle',
        // From the frame's corner, which is where margins end.
        dx: x + 6,
        dy: (places[k] ?? 0) - top,
        fill: color,
        stroke: 'var(--surface, Canvas)',
        strokeWidth: 3,
        className: 'end-label',
      }),
    );
  });
}

/** Labels side by side need no room of each other. */
function groupsOf(labels: readonly EndLabel[]): readonly (readonly EndLabel[])[] {
  const groups: EndLabel[][] = [];
  for (const label of labels.toSorted((a, b) => a.x - b.x)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && label.x - last.x < width) group.push(label);
    else groups.push([label]);
  }
  return groups;
}
