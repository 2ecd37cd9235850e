import { AppError } from '#core/error.ts';
import { type CellLine, cellLineSchema, type CellResult } from './cell-answers.ts';
import { readJsonLines } from './json-lines.ts';

/** A line that says how far a cell is, or that a step is done. */
export type CellProgress = Extract<CellLine, { step: unknown }>;

/**
 * Follows the answer of POST /notebooks/{slug}/cells/{kind} to its result.
 * @throws AppError of its `error`; internal where it ends without either
 */
export async function readCellAnswer(
  body: ReadableStream<Uint8Array>,
  onProgress: (line: CellProgress) => void = () => {},
): Promise<CellResult> {
  for await (const value of readJsonLines(body)) {
    const line = cellLineSchema.parse(value);
    if ('result' in line) return line.result;
    if ('error' in line) throw new AppError(line.error.code, line.error.message, { issues: line.error.issues });
    onProgress(line);
  }
  throw new AppError('internal', 'The cell ended without a result. Run it again.');
}
