import { countWords } from '#core/count-words.ts';
import type { BulkAnswer } from '#core/api/bulk.ts';
import type { TableGroup, TableRow } from '#core/api/run-table.ts';
import { binRuns, labelRuns, restoreRuns } from '#lib/api/bulk.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { MenuItem } from '#lib/ui/menu-item.ts';
import { notices } from '#lib/ui/notices.svelte.ts';
import type { RunTable } from './run-table.svelte.ts';
import type { Selection } from './selection.svelte.ts';
import { type TableView, withCondition } from './table-view.ts';

interface Page {
  readonly table: RunTable;
  readonly selection: Selection;
  readonly mayChange: boolean;
  view(): TableView;
  onview(view: TableView): void;
  go(path: string): void;
  /** Asks for tags of the ticked runs. */
  askTags(): void;
}

/** What `labelRuns` takes; `null` of a flag leaves it. */
type Change = Parameters<typeof labelRuns>[2];

/** What can be done to runs of the table, by key, by menu and to all that are ticked; everything can be undone. */
export class RunActions {
  readonly #page: Page;
  readonly #fetch: Fetch;

  constructor(page: Page, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#page = page;
    this.#fetch = fetcher;
  }

  itemsOf(row: TableRow): readonly MenuItem[] {
    const disabled = !this.#page.mayChange;
    const isPinned = this.#isPinned(row);
    return [
      { label: 'Open', icon: 'right', key: 'Enter', run: () => this.#page.go(`/runs/${row.id}`) },
      {
        label: isPinned ? 'Unpin the baseline' : 'Pin as baseline',
        icon: 'pin',
        key: 'p',
        run: () => this.#pin(isPinned ? null : row),
      },
      ...(row.parent?.number != null
        ? [
            {
              label: `Compare with R${row.parent.number}`,
              icon: 'compare' as const,
              run: () => this.#page.go(`/compare?runs=R${row.parent?.number},R${row.number}`),
            },
          ]
        : []),
      {
        label: row.starred ? 'Unstar' : 'Star',
        icon: 'star',
        key: 's',
        disabled,
        run: () => this.star([row.id], !row.starred),
      },
      {
        label: row.archived ? 'Take out of the archive' : 'Archive',
        icon: 'archive',
        key: 'e',
        disabled,
        run: () => this.archive([row.id], !row.archived),
      },
      { label: 'Move to the bin', icon: 'trash', key: '#', disabled, run: () => this.bin([row.id]) },
    ];
  }

  /** Does what a key says to a run, or to all that are ticked if it is one of them. @returns whether the key says anything. */
  press(key: string, row: TableRow): boolean {
    const { selection, mayChange } = this.#page;
    const ids = selection.has(row.id) ? selection.ids : [row.id];
    switch (key) {
      case 'Enter':
        this.#page.go(`/runs/${row.id}`);
        return true;
      case 'p':
        this.#pin(this.#isPinned(row) ? null : row);
        return true;
      case 'c':
        if (selection.count < 2) return false;
        this.compare();
        return true;
      case 's':
      case 'e':
      case '#':
      case 'Delete':
      case 't':
        if (!mayChange) return false;
        if (key === 's') this.star(ids, !row.starred);
        else if (key === 'e') this.archive(ids, !row.archived);
        else if (key !== 't') this.bin(ids);
        else {
          if (!selection.has(row.id)) selection.add([row]);
          this.#page.askTags();
        }
        return true;
      default:
        return false;
    }
  }

  compare(): void {
    this.#page.go(`/compare?runs=${this.#page.selection.numbers}`);
  }

  openGroup({ filter }: TableGroup): void {
    const view = this.#page.view();
    this.#page.onview({ ...view, filter: withCondition(view.filter, filter), group: [] });
  }

  star(ids: readonly string[], starred: boolean): void {
    this.#label(ids, { starred }, { starred: !starred }, starred ? 'starred' : 'no longer starred');
  }

  archive(ids: readonly string[], archived: boolean): void {
    this.#label(ids, { archived }, { archived: !archived }, archived ? 'archived' : 'taken out of the archive');
  }

  addTags(ids: readonly string[], tags: readonly string[]): void {
    this.#label(ids, { addTags: [...tags] }, { removeTags: [...tags] }, `tagged ${tags.join(', ')}`);
  }

  removeTags(ids: readonly string[], tags: readonly string[]): void {
    this.#label(ids, { removeTags: [...tags] }, { addTags: [...tags] }, `no longer tagged ${tags.join(', ')}`);
  }

  bin(ids: readonly string[]): void {
    void this.#attempt(async () => {
      const answer = await binRuns(this.#fetch, ids);
      this.#page.selection.remove(answer.changed);
      this.#say(answer, `${answer.changed.length === 1 ? 'is' : 'are'} in the bin`, async () => {
        this.#tellKept(await restoreRuns(this.#fetch, answer.changed));
      });
    });
  }

  #label(ids: readonly string[], change: Change, back: Change, words: string): void {
    void this.#attempt(async () => {
      const answer = await labelRuns(this.#fetch, ids, change);
      // Only of those that changed is anything to be taken back.
      this.#say(answer, words, async () => this.#tellKept(await labelRuns(this.#fetch, answer.changed, back)));
    });
  }

  #say(answer: BulkAnswer, words: string, undo: () => Promise<void>): void {
    const { changed } = answer;
    const number = changed.length === 1 ? this.#page.table.rowOf(changed[0])?.number : undefined;
    const which = number === undefined ? countWords(changed.length, 'run') : `R${number}`;
    if (changed.length > 0) notices.say(`${which} ${words}`, { label: 'Undo', run: () => void this.#attempt(undo) });
    this.#tellKept(answer);
  }

  #tellKept({ kept }: BulkAnswer): void {
    if (kept.length === 1) notices.fail(kept[0].reason);
    else if (kept.length > 1)
      notices.fail(`${countWords(kept.length, 'run')} stay as they are. The first: ${kept[0].reason}`);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      notices.fail(error);
    }
    await this.#page.table.refresh();
  }

  #pin(row: TableRow | null): void {
    this.#page.onview({ ...this.#page.view(), baseline: row === null ? null : `R${row.number}` });
  }

  #isPinned({ id, number }: TableRow): boolean {
    const { baseline } = this.#page.view();
    return baseline === `R${number}` || baseline === id;
  }
}
