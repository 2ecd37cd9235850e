import { z } from 'zod';
import { readJsonLines } from '#core/api/json-lines.ts';
import { failureSchema } from '#core/api/problem.ts';
import { AppError } from '#core/error.ts';
import { type LeakReport, leakReportSchema } from './leak-report.ts';

/** One line of the answer of POST /data/check: any number with `share`, then one with `report` or `error`. */
export const checkLineSchema = z
  .union([
    z.object({ share: z.number().describe('Done so far, 0 … 1') }),
    z.object({ report: leakReportSchema }),
    z.object({ error: failureSchema }),
  ])
  .meta({ ref: 'CheckLine' });
export type CheckLine = z.input<typeof checkLineSchema>;

/**
 * Follows the answer of POST /data/check to its report.
 * @throws AppError of its `error`; internal where it ends without either
 */
export async function readCheckAnswer(
  body: ReadableStream<Uint8Array>,
  progress: (share: number) => void = () => {},
): Promise<LeakReport> {
  for await (const value of readJsonLines(body)) {
    const said = checkLineSchema.parse(value);
    if ('report' in said) return said.report;
    if ('error' in said) throw new AppError(said.error.code, said.error.message, { issues: said.error.issues });
    progress(said.share);
  }
  throw new AppError('internal', 'The check ended without a result. Start it again.');
}
