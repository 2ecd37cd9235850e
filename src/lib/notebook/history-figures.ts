import { metricDifference, selectedMetric } from '#core/run/run-ranking.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { formatDifference } from '#lib/ui/format.ts';

/** The one metric that the list of runs shows, of the checkpoint that each selected. */
export const historyMetric = 'val.da';

/** What stands beside a run's value. */
interface HistoryNote {
  readonly text: string;
  /** In full, on hover. */
  readonly title: string;
}

/** The run by whose rows and horizon the list is headed: that of the page, else the newest whose rows are known. */
export function headingRun(runs: readonly RunSummary[], current: string | undefined): RunSummary | undefined {
  return runs.find(({ id, evaluation }) => id === current && evaluation) ?? runs.find(({ evaluation }) => evaluation);
}

/** A run's value under the heading, which names a horizon; null where it has none, or one of another horizon. */
export function historyValue(run: RunSummary, heading: RunSummary | undefined): number | null {
  const [own, named] = [run, heading].map((each) => each?.evaluation?.validation.horizon);
  return own !== undefined && own !== named ? null : selectedMetric(run, historyMetric);
}

/** The difference to the parent where both are scored on the same rows, else in what the rows differ; null for nothing. */
export function historyNote(
  run: RunSummary,
  parent: RunSummary | undefined,
  heading: RunSummary | undefined,
): HistoryNote | null {
  const difference = parent ? metricDifference(run, parent, historyMetric) : null;
  if (parent && difference !== null && historyValue(run, heading) !== null) {
    return { text: formatDifference(difference), title: `${difference} against R${parent.number}` };
  }
  // A run without a value needs no reason why it is not compared.
  if (selectedMetric(run, historyMetric) === null) return null;
  for (const other of [parent, heading]) {
    const words = other && rowsDifference(run, other);
    if (!words) continue;
    const [short] = words.includes(':') ? words.split(':') : ['other rows'];
    return { text: short, title: `Against R${other.number}: ${words}` };
  }
  return null;
}
