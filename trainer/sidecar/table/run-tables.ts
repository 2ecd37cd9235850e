import type { KnownColumn, RunTable, TableQuery } from '#core/api/run-table.ts';
import { didYouMean } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { toMatcher } from '#core/query/match-filter.ts';
import { meantColumns, parseFilter } from '#core/query/parse-filter.ts';
import { commonestLoss } from '#core/run/loss-comparison.ts';
import { rankingKey } from '#core/run/run-ranking.ts';
import { rowsDifference, rowsInWords } from '#core/run/rows-words.ts';
import { readStanding, type StandingSources } from '#trainer/sidecar/runs/standing.ts';
import { findWord } from './find-word.ts';
import { groupRuns, toTableGroup } from './group-runs.ts';
import { knownColumns } from './known-columns.ts';
import { orderRuns, type TableSort } from './order-runs.ts';
import type { RunEntry } from './run-entry.ts';
import { RunIndex, type RunStock } from './run-index.ts';
import { TableAnswers } from './table-answers.ts';
import { type ColumnSource, type TableColumns, tableColumns } from './table-column.ts';
import { type RowContext, toTableRow } from './table-row.ts';

/** What a table shows that nobody has chosen columns for. */
const usualColumns = [
  'state',
  'rows',
  'val.da',
  'val.loss',
  'val.f1',
  'val.rmse',
  'test.da',
  'took',
  'engine',
  'created',
];

/**
 * Tables of all runs: found, ordered, grouped and paged here, so that who asks gets a page and no more. The runs are read into
 * memory when the first table is asked for, some seconds for ten thousand: a sidecar that only serves trainers needs none of it.
 */
export class RunTables {
  readonly #sources: StandingSources;
  readonly #index: RunIndex;
  readonly #answers = new TableAnswers();
  readonly #now: () => number;
  #known: { readonly stock: RunStock; readonly columns: Promise<readonly KnownColumn[]> } | null = null;

  constructor(sources: StandingSources, now: () => number = Date.now) {
    this.#sources = sources;
    this.#index = new RunIndex(sources.db);
    this.#now = now;
  }

  /** Another index serves. */
  forget(): void {
    this.#index.forget();
  }

  /** Ends what is being read. */
  async close(): Promise<void> {
    await this.#index.close();
  }

  /** Every column there is, with its values. */
  async columns(): Promise<readonly KnownColumn[]> {
    const stock = await this.#index.read();
    if (this.#known?.stock !== stock)
      this.#known = { stock, columns: knownColumns(stock, tableColumns(stock, this.#now())) };
    return this.#known.columns;
  }

  /** @throws AppError invalid_filter naming the column that was probably meant, and where in the filter it is. */
  async read(query: TableQuery): Promise<RunTable> {
    const [stock, standing] = [await this.#index.read(), await readStanding(this.#sources)];
    const now = this.#now();
    const columns = tableColumns(stock, now);
    const from = query.from === 'bin' ? stock.binned : stock.runs;
    const found = findRuns(from, query.filter, { stock, columns, now });
    const hasTest = found.some(({ test }) => test === 'open');
    const notes: string[] = [];
    const shown = (query.columns ?? usualColumns.filter((key) => hasTest || key !== 'test.da')).map(
      (key) => columns.get(key) ?? missingColumn(key, columns, notes),
    );
    const sorts = query.sort.map((text) => readSort(text, columns));
    const by = query.group.map((key) => requireColumn(key, columns, 'group'));
    const baseline = findBaseline(query.baseline, stock);
    if (query.baseline !== undefined && baseline === null)
      notes.push(`There is no run ${query.baseline}: nothing is held against it.`);
    const loss = commonestLoss(found);
    const context: RowContext = { stock, standing, columns: shown, ends: endsOf(shown, columns), loss, baseline };
    const isGrouped = by.length > 0;
    const ordered = isGrouped ? null : orderRuns(found, sorts, stock.letters);
    const grouped = isGrouped ? groupRuns(found, by, sorts, stock.letters) : null;
    const window = <Item>(items: readonly Item[]) => items.slice(query.offset, query.offset + query.limit);
    const rows = window(ordered?.runs ?? []).map((run) => [run.id, toTableRow(run, context)] as const);
    const groups = window(grouped?.groups ?? []).map((group) => {
      const one = toTableGroup(group, by, context);
      return [one.filter, one] as const;
    });
    const { since, ...asked } = query;
    const kept = [...rows, ...groups];
    const {
      version,
      isKnown,
      rows: fresh,
    } = this.#answers.note<(typeof kept)[number][1]>(JSON.stringify(asked), since, kept);
    return {
      version,
      isDifference: isKnown,
      total: found.length,
      lines: grouped?.groups.length ?? found.length,
      all: from.length,
      offset: query.offset,
      columns: shown.map(({ column }) => column),
      order: kept.map(([key]) => key),
      rows: fresh.flatMap((row) => ('id' in row ? [row] : [])),
      groupedBy: by.map(({ column }) => column),
      groups: isGrouped ? fresh.flatMap((group) => ('id' in group ? [] : [group])) : null,
      sections: (grouped ?? ordered)?.sections ?? [],
      rowSets: rowSetsOf(found, stock.letters),
      loss,
      hasTest,
      states: countStates(from),
      baseline: baseline === null ? null : toTableRow(baseline, context),
      notes,
    };
  }
}

/** Columns of the ends of intervals, where there are any. */
function endsOf(shown: readonly ColumnSource[], columns: TableColumns): RowContext['ends'] {
  return new Map(
    shown.flatMap(({ key, column }) => {
      const [low, high] = [columns.get(`${key}_low`), columns.get(`${key}_high`)];
      return column.part !== 'metric' || low === undefined || high === undefined ? [] : [[key, [low, high]]];
    }),
  );
}

interface Finding {
  readonly stock: RunStock;
  readonly columns: TableColumns;
  readonly now: number;
}

function findRuns(runs: readonly RunEntry[], text: string, { stock, columns, now }: Finding): readonly RunEntry[] {
  const { filter, fault } = parseFilter(text, columns, now);
  if (fault !== null) {
    const { message, from } = fault;
    throw new AppError('invalid_filter', `filter, at ${from + 1}: ${message}`, {
      issues: [{ path: 'filter', message, column: from + 1 }],
    });
  }
  if (filter === null) return runs;
  const valueOf = (key: string) => columns.get(key)?.valueOf ?? (() => null);
  return runs.filter(toMatcher(filter, { valueOf, hasWord: (word) => findWord(word, stock.keys) }));
}

function requireColumn(key: string, columns: TableColumns, path: string): ColumnSource {
  const source = columns.get(key);
  if (source !== undefined) return source;
  const message = `There is no column ${key}.${didYouMean(meantColumns(key, columns))}`;
  throw new AppError('invalid_filter', `${path}: ${message}`, { issues: [{ path, message }] });
}

function readSort(text: string, columns: TableColumns): TableSort {
  const source = requireColumn(text.replace(/^[-+]/, ''), columns, 'sort');
  if (source.column.isSortable) return { source, isDown: text.startsWith('-') };
  const message = `Runs are not ranked by ${source.key}: what is chosen by the test is no longer tested by it.`;
  throw new AppError('invalid_filter', `sort: ${message}`, { issues: [{ path: 'sort', message }] });
}

/** A column that a saved view may still name though no run has it any more. */
function missingColumn(key: string, columns: TableColumns, notes: string[]): ColumnSource {
  notes.push(`There is no column ${key}.${didYouMean(meantColumns(key, columns))}`);
  return {
    ...{ key, kind: 'mixed', valueOf: () => null },
    column: {
      key,
      label: key,
      about: '',
      kind: 'mixed',
      unit: '',
      direction: null,
      part: 'configuration',
      isSortable: true,
    },
  };
}

function findBaseline(wanted: string | undefined, { byId }: RunStock): RunEntry | null {
  if (wanted === undefined) return null;
  const number = /^r?(\d+)$/i.exec(wanted)?.[1];
  const named = number === undefined ? undefined : [...byId.values()].find((run) => run.number === Number(number));
  return byId.get(wanted) ?? named ?? null;
}

function rowSetsOf(runs: readonly RunEntry[], letters: ReadonlyMap<string, string>): RunTable['rowSets'] {
  const sets = Map.groupBy(runs, rankingKey);
  const known = [...letters].flatMap(([key, letter]) => {
    const members = sets.get(key) ?? [];
    return members.length === 0 ? [] : [{ letter, members }];
  });
  return known.map(({ letter, members }) => {
    const [run] = members;
    const [first] = known[0].members;
    return {
      letter,
      words: run.evaluation === null ? '' : rowsInWords(run.evaluation.validation),
      difference: run === first ? null : rowsDifference(run, first),
      count: members.length,
    };
  });
}

function countStates(runs: readonly RunEntry[]): RunTable['states'] {
  const states = Map.groupBy(runs, ({ status }) => status);
  return Object.fromEntries([...states].map(([state, { length }]) => [state, length]));
}
