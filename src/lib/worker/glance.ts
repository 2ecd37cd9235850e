import { sliceBars } from '#core/bars/bars.ts';
import { type Boundaries, findBoundaries, rowsBeforeTest } from '#core/bars/boundaries.ts';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import { countLabels, type LabelCount } from '#core/dataset/labels.ts';
import type { FeaturesConfig } from '#core/config/features.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import {
  drawColumns,
  type FeatureColumns,
  type Part,
  type PreviewCells,
  type PreviewedBars,
  settle,
  shownRows,
} from './preview.ts';

/** What is shown at once, before all rows have been worked out. */
export interface Glance {
  /** Of the newest rows before the test; null where a cell that they need has a problem, or none is before the test. */
  readonly columns: Part<FeatureColumns> | null;
  /** Of all bars: labels are soon counted. */
  readonly labels: Part<LabelCount> | null;
}

/** Bars before the drawn ones that features are settled on, at most: what needs more shows nothing in the first rows. */
const mostLead = 20_000;

/**
 * The newest rows before the test, by the code that the trainer runs, in the time of a few thousand bars however many there
 * are.
 */
export function answerGlance(
  buffer: ArrayBuffer,
  { step, names, boundaries: ofAll }: PreviewedBars,
  { data, features, targets }: Pick<PreviewCells, 'data' | 'features' | 'targets'>,
): Glance {
  const bars = decodeBars(buffer, step, names);
  const boundaries: Boundaries = ofAll ?? findBoundaries(bars, data);
  const end = rowsBeforeTest(bars.time, boundaries);
  const draw = (config: FeaturesConfig) => {
    const first = Math.max(0, end - shownRows);
    // Twice the warm-up: timeframes above may begin anywhere, and recursive filters come nearer to what all bars make of them.
    const from = Math.max(0, first - Math.min(mostLead, 2 * countFeatures(config, step).warmup));
    const matrix = computeFeatures(sliceBars(bars, from, end), config, { timezone: data.timezone });
    const columns = matrix.columns.map((column) => column.subarray(first - from));
    return drawColumns(sliceBars(bars, first, end), { ...matrix, columns }, boundaries, end);
  };
  return {
    columns: features && end > 0 ? settle(() => draw(features)) : null,
    // Of the newest bars of a source alone the balance of its splits cannot be told.
    labels: targets && ofAll === null ? settle(() => countLabels(bars, data, targets, boundaries)) : null,
  };
}
