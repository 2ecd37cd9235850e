import { type Boundaries, pinBoundaries } from '#core/bars/boundaries.ts';
import { isMap, valueAt } from '#core/config/document.ts';
import { findCell } from '#core/notebook/notebook.ts';
import type { NotebookDoc } from './notebook-doc.svelte.ts';

const shares = ['train', 'validation', 'test'];

/**
 * Writes the boundaries that shares came to into the data cell as instants, in place of the shares: one step of undo.
 *
 * @param end where the bars end, ms UTC
 */
export function pinSplits(doc: NotebookDoc, boundaries: Boundaries, end: number): void {
  const written = valueAt(findCell(doc.notebook, 'data')?.value, ['split']);
  const others = isMap(written) ? Object.entries(written).filter(([key]) => !shares.includes(key)) : [];
  doc.assign(['data', 'split'], { ...Object.fromEntries(others), ...pinBoundaries(boundaries, end) });
}
