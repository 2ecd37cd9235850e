import { join } from 'node:path';
import { countWords } from '#core/count-words.ts';
import type { ScoredSplit } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import type { RunState } from '#core/run/state.ts';
import { type Forecasts, ForecastReader } from '#core/shared-rows/forecasts.ts';
import type { TargetKind } from '#core/targets/registry.ts';
import { readLines } from '#trainer/run-folder/log-lines.ts';
import { openRunFile } from '#trainer/run-folder/open-file.ts';

/** A run of which the forecasts are to be read. */
export interface RunToRead {
  readonly id: string;
  readonly number: number;
  readonly status: RunState;
  readonly kinds: ReadonlyMap<string, TargetKind>;
}

/** Told of the size of each file before it is read. @throws AppError too_large where that is too much. */
export type Claim = (bytes: number) => void;

/** `most` bytes for all files together. */
export function claimOf(most: number): Claim {
  let left = most;
  return (bytes) => {
    left -= bytes;
    if (left >= 0) return;
    const limit = countWords(Math.floor(most / 1024 / 1024), 'MiB', { many: 'MiB' });
    throw new AppError('too_large', `The predictions of these runs have more than ${limit} together: choose fewer.`);
  };
}

/**
 * What a run predicted of one split; older runs keep both splits in one file.
 * @throws AppError state_conflict where it has none, or they cannot be read.
 */
export async function readForecasts(
  runsFolder: string,
  { id, number, status, kinds }: RunToRead,
  split: ScoredSplit,
  claim: Claim,
): Promise<Forecasts> {
  const open = (name: string) => openRunFile(join(runsFolder, id), name);
  const both = () => open(runFiles.predictions);
  const file = await (split === 'validation' ? both() : open(runFiles.testPredictions).catch(both)).catch(() => {
    const why = status === 'completed' ? 'its predictions.csv is not there' : `it is ${status}`;
    throw new AppError('state_conflict', `R${number} has no predictions: ${why}. Compare runs that were completed.`);
  });
  try {
    claim(file.bytes);
    return await read(file.handle, [...kinds.keys()], split).catch((error: unknown) => {
      throw unusable(number, error instanceof Error ? error.message : String(error));
    });
  } finally {
    await file.handle.close();
  }
}

async function read(
  handle: Parameters<typeof readLines>[0],
  tasks: readonly string[],
  split: ScoredSplit,
): Promise<Forecasts> {
  let reader: ForecastReader | null = null;
  for (let at = 0; ;) {
    const { lines, next } = await readLines(handle, at);
    if (next === at) break;
    for (const { text } of lines) {
      if (text === null) throw new Error('A line is longer than a row of predictions can be.');
      if (reader === null) reader = new ForecastReader(text, tasks, split);
      else reader.take(text);
    }
    at = next;
  }
  if (reader === null) throw new Error('It is empty.');
  return reader.forecasts;
}

export function unusable(number: number, why: string): AppError {
  return new AppError('state_conflict', `The predictions of R${number} cannot be read: ${why}`);
}
