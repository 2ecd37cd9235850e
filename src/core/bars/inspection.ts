import type { CleaningReport } from './cleaning-report.ts';

/** A data file as a notebook would name it. */
export interface DataFile {
  readonly path: string;
  readonly bytes: number;
}

/** What the sidecar found in a data source: the answer of POST /data/inspect. */
export interface Inspection {
  readonly report: CleaningReport;
  /** Base step, ms. */
  readonly step: number;
  /** Rows of the bars that GET /data/bars gives: the newest 1,200,000 at most. */
  readonly rows: number;
  readonly fingerprint: string;
  readonly files: readonly string[];
  /** Names the bars for GET /data/bars, while they are kept. */
  readonly key: string;
}
