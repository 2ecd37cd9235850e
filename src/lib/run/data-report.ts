import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';

/** What a run's data.json holds once its trainer has read the data. */
interface DataReport {
  readonly fingerprint: string;
  readonly files: readonly string[];
  readonly cleaning: CleaningReport;
  readonly dataset: DatasetReport;
  /** Null of a run that was made before runs were checked. */
  readonly leaks: LeakReport | null;
}

/** What reports of older runs do not have. */
const later = {
  unused: [],
  symbol: null,
  repairedTimes: 0,
  strayRows: 0,
  untraded: 0,
  untradedBars: 0,
  outliers: 0,
  outlierTimes: [],
  standstillBars: 0,
  standstills: 0,
  standstillTimes: [],
  calendar: 'learned from the file',
} satisfies Partial<CleaningReport>;

/** The report as the trainer of our own workspace wrote it, an older one completed; null before that. */
export function readDataReport(value: unknown): DataReport | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('fingerprint' in value) || !('cleaning' in value) || !('dataset' in value)) return null;
  const report = value as DataReport;
  return {
    ...report,
    leaks: report.leaks ? { ...report.leaks, unjudged: report.leaks.unjudged ?? [] } : null,
    cleaning: { ...later, ...report.cleaning },
    dataset: completed(report.dataset),
  };
}

/** Older versions split at samples, whose decision times they noted, and noted the balance of the test too. */
function completed(dataset: DatasetReport): DatasetReport {
  const { validation, test } = dataset.boundaries;
  const opening = (times: readonly [number, number] | null) => (times ? times[0] - dataset.baseStep : Infinity);
  const balance = Object.entries(dataset.balance).map(([task, { train, validation: share }]) => [
    task,
    { train, validation: share },
  ]);
  return {
    ...{ afterUntil: 0, splitAt: { validationFrom: opening(validation), testFrom: opening(test), until: null } },
    ...dataset,
    balance: Object.fromEntries(balance),
  };
}
