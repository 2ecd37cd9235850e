import type { ErrorCode } from '#core/error.ts';
import { diffFiles } from './diff-files.ts';
import { readForecastsBeside } from './price-forecasts.ts';
import { scoreFiles } from './score-files.ts';

/** What the thread that reads predictions can be asked. */
export const scoreTasks = { scores: scoreFiles, diff: diffFiles, forecasts: readForecastsBeside };

type Tasks = typeof scoreTasks;
export type ScoreTask = keyof Tasks;
export type RequestOf<Name extends ScoreTask> = Parameters<Tasks[Name]>[0];
export type ResultOf<Name extends ScoreTask> = Awaited<ReturnType<Tasks[Name]>>;

/** What the thread answers. */
export type ScoreAnswer =
  { readonly result: unknown } | { readonly error: { readonly code: ErrorCode; readonly message: string } };
