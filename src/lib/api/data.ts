import type { DataFile, Inspection } from '#core/bars/inspection.ts';
import type { DataConfig } from '#core/config/data.ts';
import { type Fetch, posting, send, sendJson } from './request.ts';

export async function listDataFiles(fetcher: Fetch): Promise<readonly DataFile[]> {
  return (await sendJson<{ files: DataFile[] }>(fetcher, '/api/data/files')).files;
}

/** Has a data source read and cleaned, away from this browser. */
export function inspectData(fetcher: Fetch, data: DataConfig, signal?: AbortSignal): Promise<Inspection> {
  return sendJson<Inspection>(fetcher, '/api/data/inspect', { ...posting({ data }), signal });
}

/** The bars of a recent inspection, as `decodeBars` reads them. */
export async function readBars(fetcher: Fetch, key: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await send(fetcher, barsUrl(key), { signal })).arrayBuffer();
}

/** Where the bars of a recent inspection are served. */
export function barsUrl(key: string): string {
  return `/api/data/bars/${encodeURIComponent(key)}`;
}

/** Takes a file of this computer into the workspace; answers the path a notebook names it by. */
export function uploadDataFile(
  fetcher: Fetch,
  file: File,
): Promise<{ readonly path: string; readonly bytes: number; readonly known: boolean }> {
  return sendJson(fetcher, `/files/data?name=${encodeURIComponent(toDataName(file.name))}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
}

/** A file's name in the letters the workspace takes: "BTC (1h).csv" → "BTC-1h.csv". */
export function toDataName(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._ -]+/g, '-')
      .replace(/[-.]{2,}/g, (run) => (run.includes('.') ? '.' : '-'))
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(-100) || 'bars.csv'
  );
}
