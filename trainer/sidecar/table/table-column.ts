import { type KnownColumn, type TableCell, type TableColumn } from '#core/api/run-table.ts';
import { defaultConfig } from '#core/config/compile.ts';
import { headlineMetrics, metricLabel, termOf } from '#core/metrics/glossary.ts';
import { addAliases } from '#core/query/column-aliases.ts';
import type { FilterColumn } from '#core/query/filter-column.ts';
import type { FilterValue } from '#core/query/filter.ts';
import { firstLine } from '#core/run/first-line.ts';
import { rankingKey, scoredRows } from '#core/run/run-ranking.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { runStates } from '#core/run/state.ts';
import { toEventNumber } from '#core/run/event.ts';
import { FlatKeys } from './flat-values.ts';
import type { RunEntry } from './run-entry.ts';
import type { RunStock } from './run-index.ts';
import { setupOf } from './setup.ts';

/** A column, and what each run has under it; times are ms UTC. */
export interface ColumnSource extends FilterColumn {
  readonly column: TableColumn;
  /** Whether its texts are Markdown, of which a cell shows the words. */
  readonly isMarkdown?: boolean;
  readonly valueOf: (run: RunEntry) => FilterValue;
}
export type TableColumns = ReadonlyMap<string, ColumnSource>;

interface RunColumn extends Partial<Pick<TableColumn, 'label' | 'about' | 'unit' | 'direction' | 'isSortable'>> {
  readonly kind: KnownColumn['kind'];
  readonly words?: readonly string[];
  readonly isMarkdown?: true;
  readonly valueOf: (run: RunEntry, stock: RunStock, now: number) => FilterValue;
}

const time = (text: string | null) => (text === null ? null : Date.parse(text));

/** What is said of a run beside its configuration and its scores. */
const runColumns: Readonly<Record<string, RunColumn>> = {
  run: { kind: 'run', about: 'Its number', valueOf: ({ number }) => number },
  name: { kind: 'text', valueOf: ({ name }) => name },
  notebook: { kind: 'text', about: 'The notebook it came from', valueOf: ({ notebook }) => notebook },
  state: { kind: 'state', words: runStates, valueOf: ({ status }) => status },
  reason: { kind: 'text', about: 'Why it failed, waits or was interrupted', valueOf: ({ reason }) => reason },
  rows: {
    kind: 'text',
    about: 'Letter of the rows it is scored on: scores are ranked within the same rows only',
    valueOf: (run, { letters }) => letters.get(rankingKey(run) ?? '') ?? null,
  },
  tag: { kind: 'tags', label: 'tags', valueOf: ({ tags }) => tags },
  note: { kind: 'text', isMarkdown: true, valueOf: ({ notes }) => notes || null },
  conclusion: {
    kind: 'text',
    isMarkdown: true,
    about: 'What was learned from it, its first line',
    valueOf: ({ conclusion }) => conclusion || null,
  },
  starred: { kind: 'truth', valueOf: ({ starred }) => starred },
  archived: { kind: 'truth', about: 'Done with: out of the way, and kept', valueOf: ({ archived }) => archived },
  parent: {
    kind: 'run',
    about: 'The run it was forked from',
    valueOf: ({ parent }, { byId }) => (parent === null ? null : (byId.get(parent)?.number ?? NaN)),
  },
  changed: { kind: 'tags', about: 'Keys that differ from the parent’s', valueOf: ({ changedKeys }) => changedKeys },
  setup: {
    kind: 'text',
    about:
      'Its configuration without seed, engine and seal, as a digest: runs that differ in these alone have the same',
    valueOf: (run, { keys }) => setupOf(run, keys),
  },
  loss: { kind: 'text', about: 'Its whole loss in words', valueOf: ({ loss }) => loss },
  epoch: { kind: 'number', label: 'best epoch', valueOf: ({ bestEpoch }) => bestEpoch },
  scored: {
    kind: 'number',
    label: 'rows scored',
    unit: 'rows',
    about: 'Validation rows that its scores are of',
    valueOf: scoredRows,
  },
  test: { kind: 'text', words: ['none', 'sealed', 'open'], about: 'Its envelope', valueOf: ({ test }) => test },
  took: {
    kind: 'seconds',
    unit: 's',
    about: 'From its start to its end, or to now',
    valueOf: ({ startedAt, finishedAt }, _stock, now) =>
      startedAt === null ? null : ((time(finishedAt) ?? now) - Date.parse(startedAt)) / 1000,
  },
  engine: { kind: 'text', valueOf: ({ engine }) => engine?.name ?? null },
  device: { kind: 'text', valueOf: ({ engine }) => engine?.device ?? null },
  attempt: { kind: 'number', valueOf: ({ attempt }) => attempt },
  created: { kind: 'date', valueOf: ({ createdAt }) => Date.parse(createdAt) },
  started: { kind: 'date', valueOf: ({ startedAt }) => time(startedAt) },
  ended: { kind: 'date', valueOf: ({ finishedAt }) => time(finishedAt) },
  binned: { kind: 'date', about: 'When it went to the bin', valueOf: ({ deletedAt }) => time(deletedAt) },
  damaged: { kind: 'truth', about: 'Whether something is wrong with its log', valueOf: ({ isDamaged }) => isDamaged },
  id: { kind: 'text', valueOf: ({ id }) => id },
};

/** Metrics and keys that there may be, so that a filter may name them before any run has them. */
const usualMetrics = [
  ...['train.loss', 'val.loss', 'lr'],
  ...headlineMetrics.flatMap((name) => [`val.${name}`, `test.${name}`]),
];

function usualKeys(): readonly string[] {
  const keys = new FlatKeys();
  keys.flatten(defaultConfig());
  return keys.keys();
}
let usual: readonly string[] | null = null;

/** Every column that there is, by its key and by its other names. */
export function tableColumns(stock: RunStock, now: number): TableColumns {
  const columns = new Map<string, ColumnSource>();
  for (const [key, { kind, words, isMarkdown = false, valueOf, ...said }] of Object.entries(runColumns)) {
    const column = {
      key,
      label: key,
      about: '',
      kind,
      unit: '',
      direction: null,
      part: 'run',
      isSortable: true,
      ...said,
    } as const;
    columns.set(key, { key, kind, words, column, isMarkdown, valueOf: (run) => valueOf(run, stock, now) });
  }
  addAliases(columns);
  usual ??= usualKeys();
  for (const key of new Set([...usual, ...stock.keys.keys()]))
    if (!columns.has(key)) columns.set(key, configColumn(key, stock));
  for (const key of [...usualMetrics, ...stock.metrics.keys()])
    if (!columns.has(key)) columns.set(key, metricColumn(key, stock.metrics));
  return columns;
}

function metricColumn(key: string, metrics: FlatKeys): ColumnSource {
  const place = metrics.placeOf(key);
  const dot = key.indexOf('.');
  const [split, name] = dot < 0 ? ['', key] : [key.slice(0, dot), key.slice(dot + 1)];
  const term = termOf(key);
  const end = /_(low|high)$/.exec(key)?.[1];
  const label = `${split} ${metricLabel(name)}${end === undefined ? '' : ` ${end}`}`.trim();
  const column: TableColumn = {
    key,
    label: label === '' ? key : label,
    about: [...(split === 'val' ? ['Validation.'] : []), ...(term === undefined ? [] : [term.explanation])].join(' '),
    kind: 'number',
    unit: term?.unit ?? '',
    direction: term?.better ?? null,
    part: 'metric',
    isSortable: !isOfTest(key),
  };
  const valueOf = place === undefined ? () => null : ({ scores }: RunEntry) => toNumber(scores[place]);
  return { key, kind: 'number', column, valueOf };
}

/** A score as the index has it: what is not finite is a text. */
function toNumber(score: RunEntry['scores'][number]): number | null {
  if (typeof score === 'number') return score;
  return score === undefined || score === null ? null : Number(score);
}

function configColumn(key: string, stock: RunStock): ColumnSource {
  const place = stock.keys.placeOf(key);
  const kind = place === undefined ? 'mixed' : stock.keys.kindAt(place);
  const column: TableColumn = {
    ...{ key, label: key, about: '', kind, unit: '', direction: null, part: 'configuration', isSortable: true },
  };
  const valueOf = place === undefined ? () => null : ({ config }: RunEntry) => config[place] ?? null;
  return { key, kind, column, valueOf };
}

/** A value as an answer has it: of a text of several lines the first. */
export function toCell(
  value: FilterValue,
  { kind, isMarkdown = false }: Pick<ColumnSource, 'kind' | 'isMarkdown'>,
): TableCell {
  if (typeof value === 'string') return isMarkdown ? firstLine(value) : value.trimStart().split('\n', 1)[0];
  if (typeof value !== 'number') return value;
  if (kind === 'date') return new Date(value).toISOString();
  return toEventNumber(value);
}
