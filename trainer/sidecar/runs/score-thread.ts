// Program of the thread that reads and scores predictions (in-score-thread.ts): it is given one request and gives one answer.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#core/error.ts';
import { type ScoreAnswer, type ScoreTask, scoreTasks } from './score-tasks.ts';

const answer = (value: ScoreAnswer): void => parentPort?.postMessage(value);
const { task, request } = workerData as { readonly task: ScoreTask; readonly request: never };
try {
  answer({ result: await scoreTasks[task](request) });
} catch (error) {
  // What is not a refusal ends the thread, and is told as its error.
  if (!(error instanceof AppError)) throw error;
  answer({ error: { code: error.code, message: error.message } });
}
