import { z } from 'zod';
import { countWords } from '#core/count-words.ts';

/** What a finding concerns: the name that says what was done wrong. */
const leakKinds = ['feature', 'input', 'label', 'scaler', 'standard', 'train', 'purge', 'split', 'hindsight'] as const;

const leakFindingSchema = z
  .object({
    kind: z
      .enum(leakKinds)
      .describe(
        'feature: reads later bars; input: the model gets other values than the features; label: reads beyond its ' +
          'horizon, or nothing ahead; scaler, standard: fitted on rows after the train split; train: its windows, rows ' +
          'or labels move with later bars; purge: labels reach across a boundary; split: rows are not in time; ' +
          'hindsight: a column of the file follows coming returns',
      ),
    name: z.string().describe('Column, task or split'),
    time: z.number().nullable().describe('Opening time of the bar at which it was seen, ms; null: of no one bar'),
    rows: z.int().describe('Rows looked at in which it was seen; 0 where rows are not what was looked at'),
    ahead: z.int().nullable().describe('Bars that it reads beyond what is known; null: far, or no such number'),
    message: z.string(),
  })
  .meta({ ref: 'LeakFinding' });
export type LeakFinding = Readonly<z.infer<typeof leakFindingSchema>>;

/** What a search for leaks found (SAMPLES.md#leaks): of a run in data.json, and the answer of POST /data/check. */
export const leakReportSchema = z
  .object({
    columns: z.int().describe('Feature columns judged'),
    unjudged: z
      .array(z.string())
      .readonly()
      .describe('Columns of the file that follow no coming return: when they were known cannot be seen'),
    rows: z.int().describe('Rows looked at'),
    findings: z.array(leakFindingSchema).readonly(),
    notes: z.array(z.string()).readonly().describe('What cannot be seen, or was not looked at'),
  })
  .meta({ ref: 'LeakReport' });
export type LeakReport = Readonly<z.infer<typeof leakReportSchema>>;

/**
 * The report in a few words: "no sign of a leak in 9 columns, 40 rows", "2 signs of a leak in 9 columns, 40 rows", "no sign
 * of a leak in 5 columns, 300 rows; sig, noise: as the file has them, not judged".
 */
export function leakVerdict({ columns, rows, findings, unjudged }: LeakReport): string {
  const write = (count: number) => count.toLocaleString('en');
  const found = findings.length === 0 ? 'no sign' : countWords(findings.length, 'sign', { write });
  const rest = unjudged.length === 0 ? '' : `; ${unjudged.join(', ')}: as the file has ${themOf(unjudged)}, not judged`;
  return `${found} of a leak in ${countWords(columns, 'column', { write })}, ${countWords(rows, 'row', { write })}${rest}`;
}

function themOf(names: readonly string[]): string {
  return names.length === 1 ? 'it' : 'them';
}
