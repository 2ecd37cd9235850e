import type { Bars } from '#core/bars/bars.ts';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import type { Inspection } from '#core/bars/inspection.ts';
import type { DataConfig } from '#core/config/data.ts';
import { barsUrl, inspectData, readBars } from '#lib/api/data.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { ServedBars } from '#lib/worker/preview.worker.ts';
import { readingKey } from './preview-parts.ts';

/** The bars of a data cell, as the sidecar read and cleaned them. */
export interface SourceBars {
  readonly inspection: Inspection;
  readonly bars: Bars;
  /** Further columns of theirs. */
  readonly names: readonly string[];
  /** Whether they are all bars of the source, not only the newest. */
  readonly isWhole: boolean;
  readonly key: string;
}

/** @throws ApiError where they cannot be read */
export async function readSource(
  fetcher: Fetch,
  data: DataConfig,
  names: readonly string[],
  signal: AbortSignal,
): Promise<SourceBars> {
  const inspection = await inspectData(fetcher, data, names, signal);
  const bytes = await readBars(fetcher, inspection.key, signal);
  const isWhole = !(inspection.rows < inspection.report.bars);
  const bars = decodeBars(bytes, inspection.step, names);
  return { inspection, bars, names, isWhole, key: readingKey(data, isWhole) };
}

/** As a worker gets them. */
export function servedOf({ inspection, names, isWhole }: SourceBars): ServedBars {
  const { key, step } = inspection;
  return { url: barsUrl(key), step, names, boundaries: isWhole ? null : inspection.boundaries };
}

/** Whether they are what this data cell asks for. */
export function isBarsOf({ key, isWhole }: SourceBars, data: DataConfig): boolean {
  return key === readingKey(data, isWhole);
}
