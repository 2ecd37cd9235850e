import { expose, transfer } from 'comlink';
import type { Config } from '#core/config/config.ts';
import { answerPreview, type PreviewAnswer } from './preview.ts';

/** Bars of the newest source, kept from one configuration to the next. */
const kept: { url: string; bytes: Promise<ArrayBuffer> | null } = { url: '', bytes: null };

async function fetchBars(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The bars could not be read (${answer.status}). Inspect the source again.`);
  return answer.arrayBuffer();
}

const api = {
  /**
   * Reads the bars here, so that the page never copies what may be 50 MB; the answer's columns are handed over.
   * @param url where `encodeBars` bytes are served
   * @param step of the bars, ms
   */
  async preview(url: string, step: number, config: Config): Promise<PreviewAnswer> {
    if (url !== kept.url || kept.bytes === null) {
      kept.url = url;
      kept.bytes = fetchBars(url);
      kept.bytes.catch(() => (kept.url = ''));
    }
    const answer = answerPreview(await kept.bytes, step, config);
    if (!answer.ok) return answer;
    const { columns, time } = answer.preview;
    return transfer(answer, [...columns.map((column) => column.buffer as ArrayBuffer), time.buffer as ArrayBuffer]);
  },
};
export type PreviewApi = typeof api;

expose(api);
