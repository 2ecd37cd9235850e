import { arrangeResult, splitRows } from '#core/run/arrange-result.ts';
import { levelOf, type ResultCheck } from '#core/run/result.ts';
import type { RunResult, RunView } from '#core/run/reduce.ts';
import { verdictOf } from '#core/run/verdict.ts';
import { toTable } from './table.ts';

/**
 * What the end of a run showed, in lines for a person: in a sentence, then its validation, and its test where that is
 * open.
 */
export function endLines(view: Parameters<typeof verdictOf>[0] & Pick<RunView, 'isTestSealed'>, number: number) {
  const { validation, test } = view.results;
  const verdict = verdictOf(view);
  return [
    ...(verdict === null ? [] : [verdict.sentence]),
    ...(validation === undefined ? [] : resultLines('validation', validation)),
    ...(test === undefined ? [] : resultLines('test', test)),
    ...(view.isTestSealed ? [sealLine(number)] : []),
  ];
}

/** That there is more, and how to see it. */
export function sealLine(number: number): string {
  return `test sealed: almanac open-test R${number}`;
}

/** The result of one split: each score of the run with its 95 % interval and the naive forecast that does best, then the checks. */
export function resultLines(split: 'validation' | 'test', result: RunResult): readonly string[] {
  const { first, rest } = splitRows(arrangeResult(result).rows);
  const scores = [...first, ...rest].flatMap(({ metric, label, unit, value, low, high, toBeat }) => {
    // `show` has the metrics of each task; here those of the run are enough.
    if (metric.includes('.')) return [];
    const interval = low === null || high === null ? '' : `${format(low)} to ${format(high)}`;
    const naive = toBeat === null ? '' : `${format(toBeat.value)} ${toBeat.label}`;
    return [[`  ${label}`, format(value), interval, unit, naive]];
  });
  const head = [`  ${split.toUpperCase()}`, 'MODEL', '95 %', 'UNIT', 'BEST NAIVE FORECAST'];
  return [
    `result of the best checkpoint on ${split}`,
    ...toTable([head, ...scores], { width: null, flexible: 0 }),
    ...(result.checks.length === 0 ? [] : ['checks', ...result.checks.map(checkLine)]),
  ];
}

/** As on the page: only what was shown is ok, and what was not shown is no alarm. */
function checkLine(check: ResultCheck): string {
  const mark = { ok: 'ok', warn: 'look', none: '–' }[levelOf(check)];
  return `  ${mark.padEnd(4)}  ${check.name}: ${check.message}`;
}

/** Counts in full, all else to five digits. */
function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(5);
}
