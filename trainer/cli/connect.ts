import type { Settings } from '#trainer/settings/settings.ts';
import { findSidecar } from '#trainer/sidecar/runs/home-lock.ts';
import { type Client, createClient } from './client.ts';
import type { OpenIndex } from './open-index.ts';
import type { Output } from './output.ts';

/** The sidecar of this home that runs already; null where none does. */
export function findClient(settings: Settings): Client | null {
  const url = findSidecar(settings.runs);
  return url === null ? null : createClient(url, settings.givenToken ?? settings.token);
}

/** A sidecar to work with: the one that runs, else one of our own for as long as `work` takes. */
export async function withSidecar<Result>(
  settings: Settings,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const running = findClient(settings);
  if (running !== null) return work(running);
  const { startSidecar } = await import('#trainer/sidecar/main.ts');
  const own = await startSidecar({ ...settings, host: '127.0.0.1', token: null, trainerPort: 0 });
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
