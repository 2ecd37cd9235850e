import { expect, test } from 'vitest';
import { runIdPattern } from '#core/run/run-name.ts';
import { createIdMaker } from '#trainer/sidecar/runs/id.ts';

test('ids ascend with time, within one millisecond, and when the clock steps back', () => {
  const times = [1000, 1000, 1000, 999, 5, 1001, 1_700_000_000_000, 1_700_000_000_000];
  let at = 0;
  const next = createIdMaker(() => times[at++]);
  const ids = times.map(() => next());
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => runIdPattern.test(id))).toBe(true);
});
