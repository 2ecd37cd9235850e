import { quoted } from '#core/query/filter-text.ts';

/** What of the run table its address says; two of the same view show the same. */
export interface TableView {
  /** As it is typed, also while it cannot be understood. */
  readonly filter: string;
  /** Keys of columns, `-` before one that descends; the first counts most. */
  readonly sort: readonly string[];
  /** null: those that the table shows by itself. */
  readonly columns: readonly string[] | null;
  readonly group: readonly string[];
  /** As R12; null: none is pinned. */
  readonly baseline: string | null;
  /** Whether archived runs are among the others. */
  readonly archived: boolean;
}

export const plainView: TableView = { filter: '', sort: [], columns: null, group: [], baseline: null, archived: false };

/** The view that a query says; what it says of other things is left alone. */
export function readView(params: URLSearchParams): TableView {
  const list = (name: string) => (params.get(name) ?? '').split(',').filter((key) => key !== '');
  const columns = list('columns');
  return {
    filter: params.get('filter') ?? plainView.filter,
    sort: list('sort'),
    columns: columns.length === 0 ? plainView.columns : columns,
    group: list('group'),
    baseline: params.get('baseline'),
    archived: params.get('archived') === 'true',
  };
}

/** The view as a query, without a `?`; what is as it is by itself is left out, so that of the plain view nothing is left. */
export function writeView(view: TableView): string {
  const params = new URLSearchParams();
  if (view.filter.trim() !== '') params.set('filter', view.filter);
  if (view.sort.length > 0) params.set('sort', view.sort.join(','));
  if (view.columns !== null) params.set('columns', view.columns.join(','));
  if (view.group.length > 0) params.set('group', view.group.join(','));
  if (view.baseline !== null) params.set('baseline', view.baseline);
  if (view.archived) params.set('archived', 'true');
  // A comma between keys is read better as itself, and needs no escape in a query.
  return params.toString().replaceAll('%2C', ',');
}

/** The address of the page of runs that shows a view. */
export function viewAddress(view: TableView): string {
  const query = writeView(view);
  return query === '' ? '/runs' : `/runs?${query}`;
}

/** Which way a column is sorted now; null where it has no say. */
export function sortedWay({ sort }: TableView, key: string): 'up' | 'down' | null {
  if (sort.includes(key)) return 'up';
  return sort.includes(`-${key}`) ? 'down' : null;
}

/**
 * The view sorted by a column: what is better or new first, then the other way round, then as it was. With `more` it
 * sorts what the columns chosen before leave equal.
 */
export function sortBy(view: TableView, key: string, isDownFirst: boolean, more: boolean): TableView {
  const ways = isDownFirst ? [`-${key}`, key] : [key, `-${key}`];
  const current = view.sort.find((sorted) => ways.includes(sorted));
  const next = current === undefined ? ways[0] : current === ways[0] ? ways[1] : null;
  const others = view.sort.filter((sorted) => !ways.includes(sorted));
  const kept = more ? others : [];
  if (next === null) return { ...view, sort: kept };
  return {
    ...view,
    sort: current !== undefined && more ? view.sort.map((s) => (s === current ? next : s)) : [...kept, next],
  };
}

/** A filter with one more condition. */
export function withCondition(filter: string, condition: string): string {
  const before = filter.trim();
  if (before === '') return condition;
  return /\bor\b/i.test(before) ? `(${before}) and ${condition}` : `${before} and ${condition}`;
}

/** A filter without a condition that `withCondition` gave it; the same where it is not there as it was written. */
export function withoutCondition(filter: string, condition: string): string {
  const text = filter.trim();
  if (text === condition) return '';
  if (text.endsWith(` and ${condition}`)) {
    const before = text.slice(0, -` and ${condition}`.length);
    return /^\([^()]*\)$/.test(before) ? before.slice(1, -1) : before;
  }
  if (text.startsWith(`${condition} and `)) return text.slice(`${condition} and `.length);
  return text.replace(` and ${condition} and `, ' and ');
}

/** Columns that a search for a key and its value asks at most: of a short word there may be hundreds. */
const mostAsked = 12;

/**
 * A filter that looks for each word of a search; of `lookback=96` for runs with that value under a key that ends so. None
 * where nothing is searched.
 */
export function searchFilter(search: string, known: readonly { readonly key: string }[]): string {
  const words = search.split(/\s+/).filter((word) => word !== '');
  return words.map((word) => settingFilter(word, known) ?? quoted(word)).join(' and ');
}

function settingFilter(word: string, known: readonly { readonly key: string }[]): string | null {
  const [, key, value] = /^([A-Za-z_][\w.]*)[=:](?!\/\/)(.+)$/.exec(word) ?? [];
  if (key === undefined || value === undefined) return null;
  const asked = known.filter((column) => /^[\w.-]+$/.test(column.key) && `.${column.key}`.endsWith(`.${key}`));
  if (asked.length === 0 || asked.length > mostAsked) return null;
  const conditions = asked.map((column) => `${column.key} = ${quoted(value)}`).join(' or ');
  return asked.length === 1 ? conditions : `(${conditions})`;
}
