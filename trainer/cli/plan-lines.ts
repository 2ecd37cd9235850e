import type { Plan } from '#core/api/plan.ts';
import { formatBytes } from '#core/bytes.ts';
import { formatDuration } from '#core/duration.ts';
import { issueLine } from './issue-line.ts';
import { toTable } from './table.ts';

/** A plan in lines for a person: what becomes of each cell and why, then time, memory, queue, and the run that is there already. */
export function planLines(plan: Plan, width: number | null): readonly string[] {
  const { words, cells, estimate, queue, rows, identical, nextSeed, issues } = plan;
  const time = (seconds: number | null) =>
    seconds === null ? '?' : seconds === 0 ? '' : formatDuration(1000 * seconds);
  const table = cells.map(({ kind, action, seconds, reason }) => [`  ${kind}`, action, time(seconds), reason]);
  return [
    words,
    ...toTable(table, { width, flexible: 3 }),
    `time: ${estimate.basis}`,
    ...(estimate.bytes === null ? [] : [`memory: ${formatBytes(estimate.bytes)} estimated`]),
    ...(queue.ahead === null ? [] : [`queue: place ${queue.position}; ${queue.ahead}`]),
    ...(rows === null ? [] : [rows]),
    ...(identical === undefined
      ? []
      : [`identical to R${identical.number} (${identical.status}); train.seed=${nextSeed ?? ''} would make another`]),
    ...issues.map(issueLine),
  ];
}
