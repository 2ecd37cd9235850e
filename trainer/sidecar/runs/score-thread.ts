// Program of the thread that scores runs (scored-runs.ts): it is given one request and gives one answer.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#core/error.ts';
import { type ScoreAnswer, scoreFiles, type ScoreRequest } from './score-files.ts';

const answer = (value: ScoreAnswer): void => parentPort?.postMessage(value);
try {
  answer({ scores: await scoreFiles(workerData as ScoreRequest) });
} catch (error) {
  // What is not a refusal ends the thread, and is told as its error.
  if (!(error instanceof AppError)) throw error;
  answer({ error: { code: error.code, message: error.message } });
}
