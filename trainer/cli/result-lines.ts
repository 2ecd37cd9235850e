import type { RunResult, RunView } from '#core/run/reduce.ts';

/** What the end of a run showed, in lines for a person: its validation, and its test where that is open. */
export function endLines(view: Pick<RunView, 'results' | 'isTestSealed'>, number: number): readonly string[] {
  const { validation, test } = view.results;
  return [
    ...(validation === undefined ? [] : resultLines('val', validation)),
    ...(test === undefined ? [] : resultLines('test', test)),
    ...(view.isTestSealed ? [sealLine(number)] : []),
  ];
}

/** That there is more, and how to see it. */
export function sealLine(number: number): string {
  return `test sealed: almanac open-test R${number}`;
}

/** The result of one split. */
export function resultLines(split: 'val' | 'test', result: RunResult): readonly string[] {
  // `show` has the metrics of each task; here those of the run are enough.
  const main = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).filter(([name]) => !name.includes('.'));
  const metrics = main(result.metrics).map(([name, value]) => `  ${split}.${name} ${format(value)}`);
  const baselines = Object.entries(result.baselines).map(
    ([name, values]) =>
      `  ${name}: ${main(values)
        .map(([key, value]) => `${key} ${format(value)}`)
        .join(', ')}`,
  );
  const checks = result.checks.map(({ ok, name, message }) => `  ${ok ? 'ok' : 'look'}: ${name}: ${message}`);
  const rows = split === 'val' ? 'validation' : 'test';
  return [
    `result of the best checkpoint on ${rows}`,
    ...metrics,
    'baselines on the same rows',
    ...baselines,
    'checks',
    ...checks,
  ];
}

function format(value: number | string): string {
  return typeof value === 'number' ? value.toPrecision(5) : value;
}
