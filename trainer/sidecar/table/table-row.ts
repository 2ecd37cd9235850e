import type { TableRow } from '#core/api/run-table.ts';
import { lossDifference } from '#core/run/loss-comparison.ts';
import { isScoredThinly, metricDifference, rankingKey, scoredRows, selectedMetric } from '#core/run/run-ranking.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import type { OpenedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { isOverlapping } from '#trainer/sidecar/runs/envelope.ts';
import type { Standing } from '#trainer/sidecar/runs/standing.ts';
import { isLoss, isScore } from './order-runs.ts';
import type { RunEntry } from './run-entry.ts';
import type { RunStock } from './run-index.ts';
import { type ColumnSource, firstLine, toCell } from './table-column.ts';

/** What rows are made with. */
export interface RowContext {
  readonly stock: RunStock;
  readonly standing: Standing;
  readonly columns: readonly ColumnSource[];
  /** The loss whose values the table shows. */
  readonly loss: string | null;
  readonly baseline: RunEntry | null;
}

export function toTableRow(run: RunEntry, { stock, standing, columns, loss, baseline }: RowContext): TableRow {
  const { progress, evaluation } = run;
  const parent = run.parent === null ? undefined : stock.byId.get(run.parent);
  const position = standing.queue.indexOf(run.id);
  const isTraining = run.status === 'running' || run.status === 'paused';
  const held = baseline === null || baseline === run ? null : baseline;
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    notebook: run.notebook,
    state: run.status,
    reason: run.reason,
    isStalled: run.status === 'running' && standing.stalledSince(run.id) !== null,
    indexing: standing.shareRead(run.id),
    queuePosition: position < 0 ? null : position + 1,
    share: isTraining && progress !== null ? Math.min(1, progress.step / Math.max(1, progress.steps)) : null,
    parent: run.parent === null ? null : { id: run.parent, number: parent?.number ?? null },
    changes: [...run.changes],
    moreChanges: run.changedKeys.length - run.changes.length,
    otherRows: parent !== undefined && evaluation !== null ? rowsDifference(run, parent) : null,
    rows: stock.letters.get(rankingKey(run) ?? '') ?? null,
    thin: isScoredThinly(run) ? { scored: scoredRows(run) ?? 0, of: evaluation?.validation.rows ?? 0 } : null,
    isHighest: stock.highest.has(run.id),
    otherLoss: loss === null || run.metrics.best['val.loss'] === undefined ? null : lossDifference(run, { loss }),
    test: run.test,
    afterLook: isAfterLook(run, standing.opened),
    bestEpoch: run.bestEpoch,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    device: run.engine?.device ?? null,
    tags: run.tags,
    starred: run.starred,
    archived: run.archived,
    conclusion: firstLine(run.conclusion),
    binnedAt: run.deletedAt,
    cells: columns.map(({ valueOf, kind }) => toCell(valueOf(run), kind)),
    intervals: intervalsOf(run, columns),
    differences: held === null ? null : differencesOf(run, held, columns),
    withheld: held === null ? null : rowsDifference(run, held),
  };
}

/** Whether it was created after its test rows were seen through any run. */
function isAfterLook({ createdAt, testRows, openedAt }: RunEntry, opened: readonly OpenedRows[]): boolean {
  if (testRows === null) return openedAt !== null && createdAt > openedAt;
  return opened.some((others) => createdAt > others.at && isOverlapping(testRows, others));
}

function intervalsOf(run: RunEntry, columns: readonly ColumnSource[]): TableRow['intervals'] {
  const ends = columns.flatMap(({ key, column }) => {
    if (column.part !== 'metric') return [];
    const [low, high] = [selectedMetric(run, `${key}_low`), selectedMetric(run, `${key}_high`)];
    return Number.isFinite(low) && Number.isFinite(high) ? [[key, [low, high]]] : [];
  });
  return Object.fromEntries(ends);
}

function differencesOf(run: RunEntry, baseline: RunEntry, columns: readonly ColumnSource[]): Record<string, number> {
  const found: [string, number][] = [];
  for (const source of columns) {
    if (!isScore(source) || (isLoss(source) && lossDifference(run, baseline) !== null)) continue;
    const difference = metricDifference(run, baseline, source.key);
    if (difference !== null) found.push([source.key, difference]);
  }
  return Object.fromEntries(found);
}
