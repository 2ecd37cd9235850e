import type { RunView } from '#core/run/reduce.ts';

/** The test result of a run in lines for a person; none where it has none. */
export function resultLines(view: Pick<RunView, 'results'>): readonly string[] {
  const test = view.results['test'];
  if (test === undefined) return [];
  // `show` has the metrics of each task; here those of the run are enough.
  const main = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).filter(([name]) => !name.includes('.'));
  const metrics = main(test.metrics).map(([name, value]) => `  test.${name} ${format(value)}`);
  const baselines = Object.entries(test.baselines).map(
    ([name, values]) =>
      `  ${name}: ${main(values)
        .map(([key, value]) => `${key} ${format(value)}`)
        .join(', ')}`,
  );
  const checks = test.checks.map(({ ok, name, message }) => `  ${ok ? 'ok' : 'look'}: ${name}: ${message}`);
  return ['result of the best checkpoint', ...metrics, 'baselines on the same rows', ...baselines, 'checks', ...checks];
}

function format(value: number | string): string {
  return typeof value === 'number' ? value.toPrecision(5) : value;
}
