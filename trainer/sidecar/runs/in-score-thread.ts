import { Worker } from 'node:worker_threads';
import { AppError } from '#core/error.ts';
import type { RequestOf, ResultOf, ScoreAnswer, ScoreTask } from './score-tasks.ts';
import { Turns } from './turns.ts';

/** All files of a request together: about four million rows of one task. */
export const mostForecastBytes = 256 * 1024 * 1024;

/** One thread at a time: each may need as much memory as its files and more. */
const turns = new Turns();

/**
 * Reads and scores predictions in a thread of its own: millions of rows take seconds.
 * @throws AppError what the task refuses.
 */
export function inScoreThread<Name extends ScoreTask>(task: Name, request: RequestOf<Name>): Promise<ResultOf<Name>> {
  return turns.take('score', () => ask(task, request));
}

function ask<Name extends ScoreTask>(task: Name, request: RequestOf<Name>): Promise<ResultOf<Name>> {
  return new Promise((done, failed) => {
    const program = new URL('./score-thread.ts', import.meta.url);
    const thread = new Worker(program, { workerData: { task, request }, execArgv: [] });
    thread.once('message', (answer: ScoreAnswer) => {
      if ('result' in answer) done(answer.result as ResultOf<Name>);
      else failed(new AppError(answer.error.code, answer.error.message));
    });
    thread.once('error', failed);
    thread.once('exit', (code) => failed(new Error(`The thread that scores runs ended with ${code}.`)));
  });
}
