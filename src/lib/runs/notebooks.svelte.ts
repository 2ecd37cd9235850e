import type { NotebookEntry, NotebookList, UnusableFile } from '#lib/api/entry.ts';
import {
  binNotebook,
  createNotebook,
  duplicateNotebook,
  listNotebooks,
  renameNotebook,
  restoreNotebook,
} from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { Refreshing } from './refreshing.ts';

/** ms after the last key until a search is sent. */
const typingPause = 120;

/** The notebooks of the workspace, searched by the server in their words, keys and values. The newest search counts. */
export class Notebooks {
  readonly #fetch: Fetch;
  #list = $state.raw<NotebookList>({ notebooks: [], unusable: [] });
  #query = $state('');
  #isEmpty = $state(true);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(list: NotebookList, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#list = list;
    this.#isEmpty = list.notebooks.length === 0;
    this.#fetch = fetcher;
  }

  get entries(): readonly NotebookEntry[] {
    return this.#list.notebooks;
  }
  /** Files of the notebooks folder that cannot be notebooks, with the reason. */
  get unusable(): readonly UnusableFile[] {
    return this.#list.unusable;
  }
  /** Whether there is none at all, whatever is searched. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }
  get query(): string {
    return this.#query;
  }
  set query(query: string) {
    this.#query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh().catch(() => undefined), typingPause);
  }

  async refresh(): Promise<void> {
    const [asked, query] = [++this.#asked, this.#query.trim()];
    const list = await listNotebooks(this.#fetch, query);
    if (asked !== this.#asked) return;
    this.#list = list;
    if (query === '') this.#isEmpty = list.notebooks.length === 0;
  }

  /** Reads the list again when the page is looked at again, and every 15 s: files are changed elsewhere too. */
  watch(): () => void {
    const refreshing = new Refreshing(() => this.refresh().catch(() => undefined));
    return () => refreshing.stop();
  }

  /** Makes a notebook and gives its name. */
  async create(title: string, text: string): Promise<string> {
    return (await createNotebook(this.#fetch, title, text)).slug;
  }

  async duplicate(slug: string): Promise<string> {
    const copy = await duplicateNotebook(this.#fetch, slug);
    await this.refresh();
    return copy.slug;
  }

  /** Another title, another name of the file, or both; what is the same as now is left alone. */
  async rename(entry: NotebookEntry, title: string, name: string): Promise<void> {
    await renameNotebook(this.#fetch, entry.slug, {
      ...(title === entry.title ? {} : { title }),
      ...(name === entry.slug ? {} : { name }),
    });
    await this.refresh();
  }

  /** Bins a notebook; the returned function brings it back, as the page of the bin does later. */
  async remove(slug: string): Promise<() => Promise<void>> {
    const name = await binNotebook(this.#fetch, slug);
    await this.refresh();
    return async () => {
      await restoreNotebook(this.#fetch, name);
      await this.refresh();
    };
  }
}
