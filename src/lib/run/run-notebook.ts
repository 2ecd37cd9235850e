import { adoptConfig } from '#core/notebook/adopt-config.ts';
import { setTitle } from '#core/notebook/edit.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { createNotebook, readNotebook, saveNotebook } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { replaceWords } from '#lib/document/gap.ts';

/**
 * Makes a notebook of a run: its text, with the words that were put in the place of some of it, and cells that come to
 * what it trained, overrides included. @returns its slug and title
 */
export async function saveAsNotebook(fetcher: Fetch, run: RunDetail): Promise<{ slug: string; title: string }> {
  const title = `${run.name}, from R${run.number}`;
  const words = run.prose
    .filter(({ replaces }) => replaces)
    .reduce((text, { after, text: next }) => replaceWords(text, after, next), run.source);
  const { slug } = await createNotebook(fetcher, title, setTitle(adoptConfig(words, run.config), title));
  return { slug, title };
}

/** What bringing a configuration back has done. */
interface BroughtBack {
  /** False where the notebook said so already. */
  readonly isChanged: boolean;
  /** Puts the file back as it was; refused where it was changed since. */
  undo(): Promise<void>;
}

/**
 * Writes what a run trained into the cells of its notebook; its prose stays. @throws Error where the notebook is changed
 * at the same moment, ApiError where it is gone.
 */
export async function bringBack(fetcher: Fetch, slug: string, run: RunDetail): Promise<BroughtBack> {
  const before = await readNotebook(fetcher, slug);
  const text = adoptConfig(before.text, run.config);
  const etag = await save(fetcher, slug, text, before.etag);
  return {
    isChanged: text !== before.text,
    async undo() {
      await save(fetcher, slug, before.text, etag);
    },
  };
}

async function save(fetcher: Fetch, slug: string, text: string, over: string): Promise<string> {
  const outcome = await saveNotebook(fetcher, slug, text, over);
  if (outcome.kind === 'saved') return outcome.etag;
  throw new Error('The notebook was changed elsewhere meanwhile, so nothing was written. Look at it, then try again.');
}
