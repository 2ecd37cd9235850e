import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';

/** What a run's data.json holds once its trainer has read the data. */
interface DataReport {
  readonly fingerprint: string;
  readonly files: readonly string[];
  readonly cleaning: CleaningReport;
  readonly dataset: DatasetReport;
}

/** The report as the trainer of our own workspace wrote it; null before that. */
export function readDataReport(value: unknown): DataReport | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('fingerprint' in value) || !('cleaning' in value) || !('dataset' in value)) return null;
  return value as DataReport;
}
