import { type Boundaries, pinBoundaries } from '#core/bars/boundaries.ts';
import type { Config } from '#core/config/config.ts';
import { isMap, valueAt } from '#core/config/document.ts';
import { splitNames } from '#core/dataset/dataset.ts';
import { findCell } from '#core/notebook/notebook.ts';
import type { NotebookDoc } from './notebook-doc.svelte.ts';

/**
 * Writes the boundaries that shares came to into the data cell as instants, in place of the shares: one step of undo.
 *
 * @param end where the bars end, ms UTC
 */
export function pinSplits(doc: NotebookDoc, boundaries: Boundaries, end: number): void {
  const written = valueAt(findCell(doc.notebook, 'data')?.value, ['split']);
  const others = isMap(written)
    ? Object.entries(written).filter(([key]) => !(splitNames as readonly string[]).includes(key))
    : [];
  doc.assign(['data', 'split'], { ...Object.fromEntries(others), ...pinBoundaries(boundaries, end) });
}

/** What a run's data.json says of its boundaries; null of a run that did not get to its data, or of an older version. */
export function boundariesOf(report: unknown): Boundaries | null {
  const found = valueAt(report, ['dataset', 'splitAt']);
  return isMap(found) && typeof found['validationFrom'] === 'number' ? (found as unknown as Boundaries) : null;
}

/**
 * The configuration with its splits written as another has them, where both come to the same rows: nothing else depends
 * on how they are written.
 *
 * @param end where the bars end, ms UTC
 */
export function withSplitOf(other: Config, config: Config, own: Boundaries, others: Boundaries, end: number): Config {
  const last = ({ until }: Boundaries) => Math.min(until ?? end, end);
  const isSame =
    own.validationFrom === others.validationFrom && own.testFrom === others.testFrom && last(own) === last(others);
  if (!isSame) return config;
  const { train, validation, test, validation_from, test_from, until } = other.data.split;
  const split = { ...config.data.split, train, validation, test, validation_from, test_from, until };
  return { ...config, data: { ...config.data, split } };
}
