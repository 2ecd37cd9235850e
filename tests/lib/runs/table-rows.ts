import type { RunTable, TableColumn, TableRow } from '#core/api/run-table.ts';

/** A run of the table, with what a test wants to say of it. */
export function tableRow(number: number, part: Partial<TableRow> = {}): TableRow {
  return {
    id: `run${number}`,
    number,
    name: `run ${number}`,
    notebook: 'first',
    state: 'completed',
    reason: null,
    isStalled: false,
    indexing: null,
    queuePosition: null,
    share: null,
    parent: null,
    changes: [],
    moreChanges: 0,
    otherRows: null,
    rows: 'A',
    thin: null,
    isHighest: false,
    otherLoss: null,
    test: 'none',
    afterLook: false,
    bestEpoch: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    device: null,
    tags: [],
    conclusion: '',
    starred: false,
    archived: false,
    binnedAt: null,
    cells: [],
    intervals: {},
    differences: null,
    withheld: null,
    ...part,
  };
}

/** A column of figures that are better the higher they are. */
export function tableColumn(key: string, part: Partial<TableColumn> = {}): TableColumn {
  return {
    key,
    label: key,
    about: '',
    kind: 'number',
    unit: '',
    direction: 'higher',
    part: 'metric',
    isSortable: true,
    ...part,
  };
}

/** A whole answer of these rows, all that were found. */
export function tableAnswer(rows: readonly TableRow[], part: Partial<RunTable> = {}): RunTable {
  return {
    version: '1',
    isDifference: false,
    total: rows.length,
    lines: part.total ?? rows.length,
    all: rows.length,
    offset: 0,
    columns: [],
    order: rows.map(({ id }) => id),
    rows,
    groupedBy: [],
    groups: null,
    sections: [],
    rowSets: [],
    loss: null,
    hasTest: false,
    states: {},
    baseline: null,
    notes: [],
    ...part,
  };
}
