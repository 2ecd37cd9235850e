import type { NotebookEntry } from './entry.ts';
import { ApiError, type Fetch, posting, send, sendJson } from './request.ts';

/** The state of a notebook on disk. */
export interface SavedNotebook {
  readonly text: string;
  readonly etag: string;
}

type SaveOutcome =
  | { readonly kind: 'saved'; readonly etag: string }
  | { readonly kind: 'conflict'; readonly current: SavedNotebook | null };

export async function listNotebooks(fetcher: Fetch): Promise<readonly NotebookEntry[]> {
  return (await sendJson<{ notebooks: NotebookEntry[] }>(fetcher, '/files/notebooks')).notebooks;
}

export async function readNotebook(fetcher: Fetch, slug: string): Promise<SavedNotebook> {
  const answer = await send(fetcher, `/files/notebooks/${encodeURIComponent(slug)}`);
  return { text: await answer.text(), etag: answer.headers.get('etag') ?? '' };
}

export function createNotebook(fetcher: Fetch, title: string, text: string): Promise<{ slug: string }> {
  return sendJson(fetcher, '/files/notebooks', posting({ title, text }));
}

/** Saves if the file is still the one with tag `etag`; says what is there instead if not. */
export async function saveNotebook(fetcher: Fetch, slug: string, text: string, etag: string): Promise<SaveOutcome> {
  let answer: Response;
  try {
    answer = await fetcher(`/files/notebooks/${encodeURIComponent(slug)}`, {
      method: 'PUT',
      headers: { 'content-type': 'text/markdown; charset=utf-8', 'if-match': etag },
      body: text,
    });
  } catch {
    throw new ApiError(0, 'unreachable', 'Almanac does not answer; your changes are kept in this browser');
  }
  const body = (await answer.json().catch(() => ({}))) as {
    etag?: string;
    current?: SavedNotebook | null;
    error?: { code: string; message: string };
  };
  if (answer.status === 412) return { kind: 'conflict', current: body.current ?? null };
  if (!answer.ok || !body.etag) {
    throw new ApiError(
      answer.status,
      body.error?.code ?? 'internal',
      body.error?.message ?? `The server answered ${answer.status}`,
    );
  }
  return { kind: 'saved', etag: body.etag };
}

/** Moves a notebook to the bin; the answer restores it. */
export async function binNotebook(fetcher: Fetch, slug: string): Promise<string> {
  return (
    await sendJson<{ restore: string }>(fetcher, `/files/notebooks/${encodeURIComponent(slug)}`, { method: 'DELETE' })
  ).restore;
}

export function restoreNotebook(fetcher: Fetch, restore: string): Promise<{ slug: string }> {
  return sendJson(fetcher, '/files/notebooks', posting({ restore }));
}
