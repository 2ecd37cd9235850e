import type { Plan } from '#core/api/plan.ts';
import { formatDuration } from '#core/duration.ts';

/** A network is built and a loss written down in no time, so they are named where they are new. */
const small = new Set(['model', 'loss']);

/** A plan on one line: "reuses data, targets · runs features, train · about 38 s". */
export function planWords(
  { cells, estimate }: Pick<Plan, 'cells' | 'estimate'>,
  unchanged: ReadonlySet<string>,
): string {
  const named = (action: string) =>
    cells
      .filter((cell) => cell.action === action && !(small.has(cell.kind) && unchanged.has(cell.kind)))
      .map(({ kind }) => kind)
      .join(', ');
  const part = (verb: string, action: string) => (named(action) === '' ? [] : [`${verb} ${named(action)}`]);
  const wrong = named('wrong');
  const time = estimate.seconds === null ? 'time not known' : `about ${formatDuration(1000 * estimate.seconds)}`;
  return [
    ...part('reuses', 'cached'),
    ...part(wrong === '' ? 'runs' : 'would run', 'run'),
    ...(wrong === '' ? [time] : [`${wrong} ${wrong.includes(',') ? 'have' : 'has'} a problem`]),
  ].join(' · ');
}
