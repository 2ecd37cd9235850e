import { expose, transfer } from 'comlink';
import { answerPreview } from './preview.ts';
import type { Config } from '#core/config/config.ts';

const api = {
  /** The bars stay with the caller (they are copied), the answer's columns are handed over. */
  preview(buffer: ArrayBuffer, step: number, config: Config) {
    const answer = answerPreview(buffer, step, config);
    if (!answer.ok) return answer;
    const { columns, time } = answer.preview;
    return transfer(answer, [...columns.map((column) => column.buffer as ArrayBuffer), time.buffer as ArrayBuffer]);
  },
};
export type PreviewApi = typeof api;

expose(api);
