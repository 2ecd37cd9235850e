import type { TableRow } from '#core/api/run-table.ts';
import { firstLine } from '#core/run/first-line.ts';
import { isSameLoss, lossDifference } from '#core/run/loss-comparison.ts';
import { isRankedTogether, isScoredAlike, isScoredThinly, rankingKey, scoredRows } from '#core/run/run-ranking.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import type { OpenedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { isOverlapping } from '#trainer/sidecar/runs/envelope.ts';
import type { Standing } from '#trainer/sidecar/runs/standing.ts';
import { isLoss, isScore } from './order-runs.ts';
import type { RunEntry } from './run-entry.ts';
import type { RunStock } from './run-index.ts';
import { type ColumnSource, toCell } from './table-column.ts';

/** What rows are made with. */
export interface RowContext {
  readonly stock: RunStock;
  readonly standing: Standing;
  readonly columns: readonly ColumnSource[];
  /** Ends of the intervals of those of them that have some, by their keys. */
  readonly ends: ReadonlyMap<string, readonly [ColumnSource, ColumnSource]>;
  /** The loss whose values the table shows. */
  readonly loss: string | null;
  readonly baseline: RunEntry | null;
}

export function toTableRow(run: RunEntry, { stock, standing, columns, ends, loss, baseline }: RowContext): TableRow {
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
    otherLoss: loss === null ? null : lossDifference(run, { loss }),
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
    cells: columns.map((column) => toCell(column.valueOf(run), column)),
    intervals: intervalsOf(run, ends),
    differences: held === null ? null : differencesOf(run, held, columns),
    withheld: held === null ? null : rowsDifference(run, held),
  };
}

/** Whether it was created after its test rows were seen through any run. */
function isAfterLook({ createdAt, testRows, openedAt }: RunEntry, opened: readonly OpenedRows[]): boolean {
  if (testRows === null) return openedAt !== null && createdAt > openedAt;
  return opened.some((others) => createdAt > others.at && isOverlapping(testRows, others));
}

function intervalsOf(run: RunEntry, ends: RowContext['ends']): TableRow['intervals'] {
  const found = [...ends].flatMap(([key, [low, high]]) => {
    const interval = [low.valueOf(run), high.valueOf(run)];
    return interval.every(Number.isFinite) ? [[key, interval]] : [];
  });
  return Object.fromEntries(found);
}

/** How much more the scores of a run are than the baseline's, where they are of the same rows and in one unit. */
function differencesOf(run: RunEntry, baseline: RunEntry, columns: readonly ColumnSource[]): Record<string, number> {
  if (!isRankedTogether(run, baseline) || !isScoredAlike(run, baseline)) return {};
  const found = columns.flatMap((source) => {
    if (!isScore(source) || (isLoss(source) && !isSameLoss(run, baseline))) return [];
    const difference = Number(source.valueOf(run) ?? NaN) - Number(source.valueOf(baseline) ?? NaN);
    return Number.isFinite(difference) ? [[source.key, difference]] : [];
  });
  return Object.fromEntries(found);
}
