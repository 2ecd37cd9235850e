import type { RunDiff, SplitScores } from '#core/api/run-diff.ts';
import { diffText, findingText, isChanged, threeDigits } from '#core/compare/diff-text.ts';
import { headlineMetrics, metricLabel, termOf } from '#core/metrics/glossary.ts';
import { fromEventNumber } from '#core/run/event.ts';
import { plainSigned } from '#core/signed.ts';
import { toTable } from './table.ts';

/** Runs beside each other in lines for a person; `all` with the keys that are equal, `width` as for toTable. */
export function diffLines(diff: RunDiff, all: boolean, width: number | null): readonly string[] {
  const labels = diff.runs.map(({ number }) => `R${number}`);
  const rows = diff.cells.flatMap(({ cell, rows: own }) =>
    own
      .filter(({ equal }) => all || !equal)
      .map((row) => [
        cell,
        row.key,
        diffText(row.values[0]),
        ...row.values.slice(1).map((value, at) => (isChanged(row, at + 1) ? diffText(value) : '=')),
      ]),
  );
  const [base, ...others] = labels;
  return [
    diff.heading,
    diff.lead,
    '',
    `${diff.keys.different} of ${diff.keys.all} keys differ`,
    ...(rows.length === 0
      ? []
      : toTable([['CELL', 'KEY', `${base}, BASE`, ...others], ...rows], { width, flexible: 1 })),
    ...splitLines('validation', diff, diff.validation, width),
    ...(diff.test.reason === null ? splitLines('test', diff, diff.test, width) : ['', `test: ${diff.test.reason}`]),
  ];
}

function splitLines(
  split: 'validation' | 'test',
  { runs: [base, ...others] }: RunDiff,
  scores: SplitScores,
  width: number | null,
): readonly string[] {
  if (scores.reason !== null) return [];
  const metrics = headlineMetrics.filter((metric) => metric in scores.base);
  const rows = others.flatMap(({ id, number, seeds }) => {
    const own = scores.runs.find((run) => run.id === id);
    return metrics.flatMap((metric) => {
      const score = own?.scores.find((one) => one.metric === metric);
      if (score === undefined) return [];
      const { low, high } = score;
      const spread = split === 'validation' ? (base.seeds.spread[metric] ?? seeds.spread[metric]) : undefined;
      return [
        [
          `R${number}`,
          metricLabel(metric),
          termOf(metric)?.better ?? '',
          number4(fromEventNumber(scores.base[metric])),
          number4(fromEventNumber(score.value)),
          signed(fromEventNumber(score.difference)),
          low === null || high === null ? '-' : `${signed(low)} to ${signed(high)}`,
          spread === undefined ? '-' : `${number4(spread.sd)} of ${spread.n}`,
          findingText(score),
        ],
      ];
    });
  });
  const head = ['RUN', 'METRIC', 'BETTER', `R${base.number}`, 'SCORE', 'DIFFERENCE', '95 %', 'SEEDS, SD', 'TEST SAYS'];
  return [
    '',
    `${split}, on ${scores.n} common rows`,
    ...toTable([head, ...rows], { width, flexible: head.length - 1 }),
  ];
}

function number4(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(4) : String(value);
}

/** As other commands write numbers, with the minus of programs. */
function signed(value: number): string {
  return plainSigned(value, threeDigits);
}
