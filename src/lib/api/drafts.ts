import { z } from 'zod';
import { goneTag } from './gone-tag.ts';
import { type KeptText, putText, type SavedNotebook } from './notebooks.ts';
import { type Fetch, readJson, send } from './request.ts';

const kept = z.object({ text: z.string(), etag: z.string() });

/** The draft of a fork of a run, as JSON; empty where there is none. */
export function draftFile(fetcher: Fetch, run: string): KeptText {
  const path = `/files/drafts/${encodeURIComponent(run)}`;
  return {
    read: () => readJson(send(fetcher, path), kept),
    save: (text, etag) => putText(fetcher, path, { type: 'application/json', text, etag }),
  };
}

/** What stands where nobody has begun a draft. */
export const noDraft: SavedNotebook = { text: '', etag: goneTag };
