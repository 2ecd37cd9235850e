import type { Fetch } from '#lib/api/request.ts';
import { deleteView, listViews, saveView, type SavedView } from '#lib/api/views.ts';

/** The named views of the run table. They lie in the home, so that every browser has the same. */
export class SavedViews {
  readonly #fetch: Fetch;
  #all = $state.raw<readonly SavedView[]>([]);

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  get all(): readonly SavedView[] {
    return this.#all;
  }
  /** The view of this query, if it has a name. */
  named(query: string): SavedView | undefined {
    return this.#all.find((view) => view.query === query);
  }

  async refresh(): Promise<void> {
    this.#all = await listViews(this.#fetch);
  }

  /** Gives a view a name; the returned function takes that back. */
  async save(view: SavedView): Promise<() => Promise<void>> {
    const before = this.#all.find(({ name }) => name === view.name);
    await saveView(this.#fetch, view);
    await this.refresh();
    return async () => {
      if (before === undefined) await deleteView(this.#fetch, view.name);
      else await saveView(this.#fetch, before);
      await this.refresh();
    };
  }

  /** Takes a view from the list; the returned function brings it back. */
  async remove(view: SavedView): Promise<() => Promise<void>> {
    await deleteView(this.#fetch, view.name);
    await this.refresh();
    return async () => {
      await saveView(this.#fetch, view);
      await this.refresh();
    };
  }
}
