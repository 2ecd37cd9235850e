import { z } from 'zod';
import { type Fetch, posting, readJson, send } from './request.ts';

const viewSchema = z.object({
  name: z.string(),
  /** Of the address of the run table, without the `?`. */
  query: z.string(),
});
/** A view of the run table that was given a name. */
export type SavedView = Readonly<z.infer<typeof viewSchema>>;

const list = z.object({ views: z.array(viewSchema).readonly() });

export async function listViews(fetcher: Fetch): Promise<readonly SavedView[]> {
  return (await readJson(send(fetcher, '/files/views'), list)).views;
}

/** Gives a view a name; one that bears it already is replaced. */
export async function saveView(fetcher: Fetch, view: SavedView): Promise<void> {
  await send(fetcher, '/files/views', posting(view));
}

export async function deleteView(fetcher: Fetch, name: string): Promise<void> {
  await send(fetcher, `/files/views?name=${encodeURIComponent(name)}`, { method: 'DELETE' });
}
