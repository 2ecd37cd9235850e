import { pinnedFetch } from '#access/pinned-fetch.ts';
import { readCertificate } from '#access/tls-files.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { findSidecar } from '#trainer/home-lock.ts';
import { type Client, createClient } from './client.ts';
import type { OpenIndex } from './open-index.ts';
import type { Output } from './output.ts';

/** The sidecar of this home that runs already; null where none does. */
export function findClient(settings: Settings): Client | null {
  const url = findSidecar(settings.runs);
  if (url === null) return null;
  const pinned =
    url.startsWith('https:') && settings.tls !== null ? pinnedFetch(readCertificate(settings.tls.cert)) : fetch;
  return createClient(url, settings.givenToken ?? settings.readToken, pinned);
}

/** A sidecar to work with: the one that runs, else one of our own for as long as `work` takes. */
export async function withSidecar<Result>(
  settings: Settings,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const running = findClient(settings);
  if (running !== null) return work(running);
  const { startSidecar } = await import('#trainer/sidecar/main.ts');
  const alone = { host: '127.0.0.1', trainerPort: 0, origins: [], token: null, readToken: null, tls: null };
  const own = await startSidecar({ ...settings, ...alone });
  try {
    return await work(createClient(own.url, null));
  } finally {
    await own.close();
  }
}

/** The index of a home that no sidecar serves, brought up to date; nothing is started. A damaged one is said to be. */
export async function withIndex<Result>(
  settings: Settings,
  output: Pick<Output, 'note'>,
  work: (index: OpenIndex) => Promise<Result>,
): Promise<Result> {
  // SQLite and all that fills it take long to load, and most commands ask a sidecar.
  const { workOnIndex } = await import('./open-index.ts');
  return workOnIndex(settings, (line) => output.note(line), work);
}
