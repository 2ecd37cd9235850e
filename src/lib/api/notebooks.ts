import { z } from 'zod';
import { readProblem } from '#core/api/problem.ts';
import { type BinnedNotebook, binnedNotebooksSchema, type NotebookList, notebookListSchema } from './entry.ts';
import { ApiError, type Fetch, posting, readJson, send } from './request.ts';

const named = z.object({ slug: z.string() });
const binned = z.object({ restore: z.string() });
const emptied = z.object({ notebooks: z.number(), bytes: z.number() });
const saved = z.object({ etag: z.string() });
const current = z.object({ current: z.object({ text: z.string(), etag: z.string() }).nullable() });

/** The state of a notebook on disk. */
export interface SavedNotebook {
  readonly text: string;
  readonly etag: string;
}

type SaveOutcome =
  | { readonly kind: 'saved'; readonly etag: string }
  | { readonly kind: 'conflict'; readonly current: SavedNotebook | null };

/** A text that the server keeps; a save is refused where another stands there than the one with tag `etag`. */
export interface KeptText {
  /** The text as it is there. @throws ApiError notebook_not_found where it is gone. */
  read(): Promise<SavedNotebook>;
  save(text: string, etag: string): Promise<SaveOutcome>;
}

/** The file of a notebook. */
export function notebookFile(fetcher: Fetch, slug: string): KeptText {
  return {
    read: () => readNotebook(fetcher, slug),
    save: (text, etag) => saveNotebook(fetcher, slug, text, etag),
  };
}

/** All of them; those in whose words, keys and values `search` is found. */
export function listNotebooks(fetcher: Fetch, search = ''): Promise<NotebookList> {
  const query = search.trim() === '' ? '' : `?search=${encodeURIComponent(search.trim())}`;
  return readJson(send(fetcher, `/files/notebooks${query}`), notebookListSchema);
}

export async function readNotebook(fetcher: Fetch, slug: string): Promise<SavedNotebook> {
  const answer = await send(fetcher, `/files/notebooks/${encodeURIComponent(slug)}`);
  // Not text(): that drops a byte order mark, and the next save would drop it from the file.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
  return { text, etag: answer.headers.get('etag') ?? '' };
}

export function createNotebook(fetcher: Fetch, title: string, text: string): Promise<{ slug: string }> {
  return readJson(send(fetcher, '/files/notebooks', posting({ title, text })), named);
}

/** A copy under a name of its own. */
export function duplicateNotebook(fetcher: Fetch, slug: string): Promise<{ slug: string }> {
  return readJson(send(fetcher, '/files/notebooks', posting({ duplicate: slug })), named);
}

/** Gives a notebook another title, another name of its file, or both. */
export function renameNotebook(
  fetcher: Fetch,
  slug: string,
  to: { readonly title?: string; readonly name?: string },
): Promise<{ slug: string }> {
  const path = `/files/notebooks/${encodeURIComponent(slug)}`;
  return readJson(send(fetcher, path, { ...posting(to), method: 'PATCH' }), named);
}

/** Saves if the file is still the one with tag `etag`; says what is there instead if not. */
export function saveNotebook(fetcher: Fetch, slug: string, text: string, etag: string): Promise<SaveOutcome> {
  const type = 'text/markdown; charset=utf-8';
  return putText(fetcher, `/files/notebooks/${encodeURIComponent(slug)}`, { type, text, etag });
}

/** Puts a text at a path of the page's own server, in the place of the one with tag `etag`; says what is there if not. */
export async function putText(
  fetcher: Fetch,
  path: string,
  { type, text, etag }: { readonly type: string; readonly text: string; readonly etag: string },
): Promise<SaveOutcome> {
  let answer: Response;
  try {
    answer = await fetcher(path, { method: 'PUT', headers: { 'content-type': type, 'if-match': etag }, body: text });
  } catch {
    throw new ApiError(0, 'unreachable', 'Almanac does not answer; your changes are kept in this browser');
  }
  const body: unknown = await answer.json().catch(() => ({}));
  if (answer.status === 412) return { kind: 'conflict', current: current.safeParse(body).data?.current ?? null };
  const done = saved.safeParse(body);
  if (answer.ok && done.success) return { kind: 'saved', etag: done.data.etag };
  const { code, message } = readProblem(body, answer.status);
  throw new ApiError(answer.status, code, message);
}

/** Moves a notebook to the bin; the answer restores it. */
export async function binNotebook(fetcher: Fetch, slug: string): Promise<string> {
  const sent = send(fetcher, `/files/notebooks/${encodeURIComponent(slug)}`, { method: 'DELETE' });
  return (await readJson(sent, binned)).restore;
}

export function restoreNotebook(fetcher: Fetch, restore: string): Promise<{ slug: string }> {
  return readJson(send(fetcher, '/files/notebooks', posting({ restore })), named);
}

/** What lies in the bin of notebooks, the last to come first. */
export async function listBinnedNotebooks(fetcher: Fetch): Promise<readonly BinnedNotebook[]> {
  return (await readJson(send(fetcher, '/files/bin'), binnedNotebooksSchema)).notebooks;
}

/** Removes them for good. */
export function emptyNotebookBin(fetcher: Fetch): Promise<{ notebooks: number; bytes: number }> {
  return readJson(send(fetcher, '/files/bin', { method: 'DELETE' }), emptied);
}
