import { metricLabel } from '#core/metrics/glossary.ts';
import { fromEventNumber } from './event.ts';
import { hasEnded } from './state.ts';
import type { RunSummary } from './summary.ts';

type Outcome = Pick<RunSummary, 'number' | 'name' | 'status' | 'reason' | 'stalledSince' | 'metrics' | 'bestEpoch'>;

/** What a person who was away is told of a run. */
interface OutcomeWords {
  /** "R12 completed", "R12 has stalled" */
  readonly title: string;
  /** Its name, why it ended, and the figures of its best checkpoint: no verdict, which takes the page. */
  readonly text: string;
}

/** How a run has ended, or that it has stalled; null of one that is at work or waits. */
export function outcomeWords(run: Outcome): OutcomeWords | null {
  const { number, name, status, reason, stalledSince, bestEpoch } = run;
  if (stalledSince !== null) {
    const since = stalledSince.slice(11, 19);
    return { title: `R${number} has stalled`, text: `${name}: its trainer has said nothing since ${since} UTC` };
  }
  if (!hasEnded(status)) return null;
  const best = bestEpoch === null ? [] : [`best epoch ${bestEpoch}`];
  const figures = ['val.da', 'val.rmse', 'val.loss'].flatMap((metric) => {
    const value = run.metrics.best[metric];
    const label = metricLabel(metric.slice('val.'.length));
    return value === undefined ? [] : [`validation ${label} ${fromEventNumber(value).toPrecision(4)}`];
  });
  const parts = [...(reason === null ? [] : [reason]), ...best, ...figures.slice(0, 1)];
  return { title: `R${number} ${status}`, text: parts.length === 0 ? name : `${name}: ${parts.join(' · ')}` };
}
