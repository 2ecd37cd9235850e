import type { ScoredRun, SharedScores } from '#core/api/shared-scores.ts';
import { countWords } from '#core/count-words.ts';
import { headlineMetrics, metricLabel } from '#core/metrics/glossary.ts';
import { edgeWords } from '#core/run/edge-words.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { plainSigned } from '#core/signed.ts';
import { timeLabel } from '#core/time/time-label.ts';
import { toTable } from './table.ts';

/** Scores on shared rows in lines for a person; `width` as for toTable. */
export function sharedScoreLines(scores: SharedScores, width: number | null): readonly string[] {
  const { n, from, to, reason, luck, runs } = scores;
  const span = from === null || to === null ? '' : `, ${timeLabel(from)} to ${timeLabel(to)} UTC`;
  const shown = headlineMetrics.filter((metric) => runs.some((run) => run.scores?.[metric] !== undefined));
  const head = [
    'RUN',
    ...shown.map((metric) => metricLabel(metric).toUpperCase()),
    'EDGE OVER ITS OWN BASELINE',
    'NAME',
  ];
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
      : [`the best of ${luck.runs} by luck alone would be about ${luck.value.toFixed(3)} ${metricLabel(luck.metric)}`]),
  ];
}

function scoreText({ scores, best }: ScoredRun, metric: string): string {
  const value = scores?.[metric];
  if (value === undefined) return '-';
  return `${fromEventNumber(value).toPrecision(4)}${best.includes(metric) ? '*' : ''}`;
}

function edgeText({ edge }: ScoredRun): string {
  if (edge === null) return '-';
  const { value, low, high } = edge;
  return `${signed(value)} (${signed(low)} to ${signed(high)}) ${edgeWords(edge)}`;
}

function signed(value: number): string {
  return plainSigned(value, (size) => size.toFixed(4));
}
