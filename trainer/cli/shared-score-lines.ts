import type { ScoredRun, SharedScores } from '#core/api/shared-scores.ts';
import { countWords } from '#core/count-words.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { toTable } from './table.ts';

const metrics = ['da', 'f1', 'rmse', 'mae', 'ic', 'log_loss', 'brier'];

/** Scores on shared rows in lines for a person; `width` as for toTable. */
export function sharedScoreLines(scores: SharedScores, width: number | null): readonly string[] {
  const { n, from, to, reason, luck, runs } = scores;
  const span = from === null || to === null ? '' : `, ${timeLabel(from)} to ${timeLabel(to)} UTC`;
  const shown = metrics.filter((metric) => runs.some((run) => run.scores?.[metric] !== undefined));
  const head = ['RUN', ...shown.map((metric) => metric.toUpperCase()), 'EDGE OVER ITS OWN BASELINE', 'NAME'];
  const rows = runs.map((run) => [
    `R${run.number}`,
    ...shown.map((metric) => scoreText(run, metric)),
    edgeText(run),
    run.name,
  ]);
  return [
    `validation, on the ${countWords(n, 'row')} that all of them predicted${span}`,
    ...(reason === null ? [] : [`not comparable: ${reason}`]),
    ...toTable([head, ...rows], { width, flexible: head.length - 1 }),
    ...(luck === null
      ? []
      : [`the best of ${luck.runs} by luck alone would be about ${luck.metric} ${luck.value.toFixed(3)}`]),
  ];
}

function scoreText({ scores, best }: ScoredRun, metric: string): string {
  const value = scores?.[metric];
  if (value === undefined) return '-';
  return `${fromEventNumber(value).toPrecision(4)}${best.includes(metric) ? '*' : ''}`;
}

function edgeText({ edge }: ScoredRun): string {
  if (edge === null) return '-';
  const { metric, baseline, value, low, high } = edge;
  return `${metric} ${signed(value)} (${signed(low)} to ${signed(high)}) over ${baseline}`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toPrecision(2)}`;
}
