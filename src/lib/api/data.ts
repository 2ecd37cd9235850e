import { z } from 'zod';
import type { DataFile, Inspection } from '#core/bars/inspection.ts';
import type { Config } from '#core/config/config.ts';
import { findFileNameFault } from '#core/given-name.ts';
import { toFile } from '#core/config/config-file.ts';
import type { DataConfig } from '#core/config/data.ts';
import { readCheckAnswer } from '#core/leaks/check-answer.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import type { TablePreview } from '#core/quotes/table-preview.ts';
import { answer, sidecar } from './client.ts';
import { type Fetch, readJson, send, settle } from './request.ts';

export async function listDataFiles(fetcher: Fetch): Promise<readonly DataFile[]> {
  return (await answer(sidecar(fetcher).data.files.$get())).files;
}

/** Has a data source read and cleaned, away from this browser; `columns` of it follow in the bars. */
export function inspectData(
  fetcher: Fetch,
  data: DataConfig,
  columns: readonly string[],
  signal?: AbortSignal,
): Promise<Inspection> {
  const json = { data: { ...data }, columns: [...columns] };
  return answer(sidecar(fetcher, { signal }).data.inspect.$post({ json }), signal);
}

/** The first rows of a data source, and what its columns seem to be. */
export function previewTable(fetcher: Fetch, data: DataConfig, signal?: AbortSignal): Promise<TablePreview> {
  return answer(sidecar(fetcher, { signal }).data.preview.$post({ json: { data: { ...data } } }), signal);
}

/** Has what a run of this configuration would train on looked through for leaks; `progress` hears the share done. */
export async function checkLeaks(
  fetcher: Fetch,
  config: Config,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<LeakReport> {
  const json = { config: { ...toFile(config) } };
  const { body } = await settle(sidecar(fetcher, { signal }).data.check.$post({ json }), signal);
  if (body === null) throw new Error('The answer has no body.');
  return readCheckAnswer(body, progress);
}

/** The bars of a recent inspection, as `decodeBars` reads them. */
export async function readBars(fetcher: Fetch, key: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await send(fetcher, barsUrl(key), { signal })).arrayBuffer();
}

/** Where the bars of a recent inspection are served. */
export function barsUrl(key: string): string {
  return `/api/data/bars/${encodeURIComponent(key)}`;
}

const uploaded = z.object({ path: z.string(), bytes: z.number(), known: z.boolean() });

/** Takes a file of this computer into the workspace; answers the path a notebook names it by. */
export function uploadDataFile(fetcher: Fetch, file: File): Promise<z.infer<typeof uploaded>> {
  const sent = send(fetcher, `/files/data?name=${encodeURIComponent(toDataName(file.name))}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  return readJson(sent, uploaded);
}

/** Letters that are no letter of ASCII with a mark, as they are written without. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
};

/**
 * A file's name in the letters the workspace takes: "BTC (1h).csv" → "BTC-1h.csv", "größe.csv" → "grosse.csv". Where
 * none of its letters has such a form, or no file may be called so, the name is "bars" with the file's ending.
 */
export function toDataName(name: string): string {
  const ending = /(\.[A-Za-z0-9]+)?(\.gz)?$/i.exec(name)?.[0] ?? '';
  const stem = name
    .slice(0, name.length - ending.length)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\P{ASCII}/gu, (letter) => plainLetters[letter] ?? letter)
    .replace(/ ?[^A-Za-z0-9._ -]+ ?/g, '-')
    .replace(/[-.]{2,}/g, (run) => (run.includes('.') ? '.' : '-'))
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9_]+$/g, '');
  const plain = `${stem.slice(0, 90).trimEnd()}${ending}`;
  return findFileNameFault(plain) === null ? plain : `bars${ending}`;
}
