import { expose, transfer } from 'comlink';
import type { Remedy } from '#core/dataset/remedies.ts';
import { answerGlance, type Glance } from './glance.ts';
import { answerPreview, answerRemedies, type Preview, type PreviewCells, type PreviewedBars } from './preview.ts';

/** Bars of the newest source, kept from one configuration to the next. */
const kept: { url: string; bytes: Promise<ArrayBuffer> | null } = { url: '', bytes: null };

async function fetchBars(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The bars could not be read (${answer.status}). Inspect the source again.`);
  return answer.arrayBuffer();
}

/** Read here, so that the page never copies what may be 50 MB. */
function readBars(url: string): Promise<ArrayBuffer> {
  if (url !== kept.url || kept.bytes === null) {
    kept.url = url;
    kept.bytes = fetchBars(url);
    kept.bytes.catch(() => (kept.url = ''));
  }
  return kept.bytes;
}

/** Bars as the sidecar serves them. */
export interface ServedBars extends PreviewedBars {
  /** Where `encodeBars` bytes are. */
  readonly url: string;
}

/** Hands the columns of an answer over. */
function hand<Answer extends Pick<Preview, 'columns'>>(answer: Answer): Answer {
  if (!answer.columns?.ok) return answer;
  const { columns, time } = answer.columns.value;
  return transfer(answer, [...columns.map((column) => column.buffer as ArrayBuffer), time.buffer as ArrayBuffer]);
}

const api = {
  async glance(bars: ServedBars, cells: PreviewCells): Promise<Glance> {
    return hand(answerGlance(await readBars(bars.url), bars, cells));
  },
  async preview(bars: ServedBars, cells: PreviewCells): Promise<Preview> {
    return hand(answerPreview(await readBars(bars.url), bars, cells));
  },
  async remedies(bars: ServedBars, cells: PreviewCells): Promise<readonly Remedy[]> {
    return answerRemedies(await readBars(bars.url), bars, cells);
  },
};
export type PreviewApi = typeof api;

expose(api);
