import { z } from 'zod';
import { cleaningReportSchema } from './cleaning-report.ts';

/** A data file as a notebook would name it. */
const dataFileSchema = z.object({ path: z.string(), bytes: z.int() }).meta({ ref: 'DataFile' });
export type DataFile = Readonly<z.infer<typeof dataFileSchema>>;

/** GET /data/files. */
export const dataFilesAnswer = z.object({ files: z.array(dataFileSchema).readonly() }).meta({ ref: 'DataFiles' });

/** Body of POST /data/inspect: the data group of a configuration. */
export const inspectRequest = z
  .strictObject({ data: z.record(z.string(), z.unknown()).default({}) })
  .meta({ ref: 'InspectRequest', examples: [{ data: { source: 'data/example.csv' } }] });

/** What the sidecar found in a data source: the answer of POST /data/inspect. */
export const inspectionSchema = z
  .object({
    report: cleaningReportSchema,
    step: z.number().describe('Base step, ms'),
    rows: z.int().describe('Rows of the bars that GET /data/bars gives: the newest 1,200,000 at most'),
    fingerprint: z.string(),
    files: z.array(z.string()).readonly(),
    key: z.string().describe('Names the bars for GET /data/bars, while they are kept'),
  })
  .meta({ ref: 'Inspection' });
export type Inspection = Readonly<z.infer<typeof inspectionSchema>>;
