import type { Plan, PlannedCell } from '#core/api/plan.ts';

/**
 * A plan in one line: "reuses data, targets · runs features, train · about 38 s"; what stands in the way of it first.
 *
 * @param write how a duration in seconds is written
 */
export function planWords({ cells, estimate, identical, queue }: Plan, write: (seconds: number) => string): string {
  const kinds = (action: PlannedCell['action']) =>
    cells.filter((cell) => cell.action === action).map(({ kind }) => kind);
  const say = (verb: string, some: readonly string[]) => (some.length > 0 ? [`${verb} ${some.join(', ')}`] : []);
  const [wrong, blocked] = [kinds('wrong'), kinds('blocked')];
  if (identical) return `the same as R${identical.number}, which is ${identical.status}`;
  const parts = [...say('reuses', kinds('cached')), ...say('runs', kinds('run'))];
  if (wrong.length > 0) {
    return [...parts, `then stops: ${wrong.join(', ')} ${wrong.length > 1 ? 'have' : 'has'} a problem`].join(' · ');
  }
  if (blocked.length > 0) return [...parts, ...say('waits with', blocked)].join(' · ');
  const time = estimate.seconds === null ? [] : [`about ${write(estimate.seconds)}`];
  return [...parts, ...time, ...(queue.position > 1 ? [`number ${queue.position} in the queue`] : [])].join(' · ');
}
