import { z } from 'zod';
import { maxColumns } from '#core/config/features.ts';
import { cleaningReportSchema } from './cleaning-report.ts';

/** A data file as a notebook would name it. */
const dataFileSchema = z.object({ path: z.string(), bytes: z.int() }).meta({ ref: 'DataFile' });
export type DataFile = Readonly<z.infer<typeof dataFileSchema>>;

/** GET /data/files. */
export const dataFilesAnswer = z.object({ files: z.array(dataFileSchema).readonly() }).meta({ ref: 'DataFiles' });

const dataGroup = z.record(z.string(), z.unknown()).default({});

/** Body of POST /data/inspect: the data group of a configuration, and the further columns that its features read. */
export const inspectRequest = z
  .strictObject({
    data: dataGroup,
    columns: z
      .array(z.string().min(1).max(200))
      .max(maxColumns)
      .default([])
      .describe('Names of further columns of the file, those of features.columns; their values follow in the bars'),
  })
  .meta({ ref: 'InspectRequest', examples: [{ data: { source: 'data/example.csv' } }] });

/** Body of POST /data/preview: the data group of a configuration. */
export const previewRequest = z
  .strictObject({ data: dataGroup })
  .meta({ ref: 'PreviewRequest', examples: [{ data: { source: 'data/example.csv' } }] });

/** `Boundaries` of all bars, in JSON. */
export const boundariesSchema = z
  .object({
    validationFrom: z.number().describe('Opening time from which on bars are of the validation split, ms UTC'),
    testFrom: z.number(),
    until: z.number().nullable().describe('Bars from here on are in no split'),
  })
  .meta({ ref: 'Boundaries', description: 'Where the splits begin, by data.split of the request' });

/** What the sidecar found in a data source: the answer of POST /data/inspect. */
export const inspectionSchema = z
  .object({
    report: cleaningReportSchema,
    step: z.number().describe('Base step, ms'),
    rows: z.int().describe('Rows of the bars that GET /data/bars gives: the newest 1,200,000 at most'),
    boundaries: boundariesSchema,
    fingerprint: z.string(),
    files: z.array(z.string()).readonly(),
    key: z.string().describe('Names the bars for GET /data/bars, while they are kept'),
  })
  .meta({ ref: 'Inspection' });
export type Inspection = Readonly<z.infer<typeof inspectionSchema>>;
