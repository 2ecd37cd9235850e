import type { IndexStatus } from '#core/api/machine.ts';

/** What the index of the runs lacks; null where it lacks nothing. */
export function indexWords({ state, listed, done, total, failed }: IndexStatus): string | null {
  const step = listed < total ? `listed: ${listed}` : `indexed: ${done}`;
  const moving = state === 'ready' ? [] : [`The runs are being ${step} of ${total}.`];
  const left = failed.map(({ id, reason }) => `${id} in the runs folder could not be indexed: ${reason}.`);
  return moving.length + left.length === 0 ? null : [...moving, ...left].join(' ');
}
