import { expect, it } from 'vitest';
import type { Plan, PlannedCell } from '#core/api/plan.ts';
import { groups } from '#core/config/config.ts';
import { planWords } from '#core/run/plan-words.ts';

function plan(actions: readonly PlannedCell['action'][], other: Partial<Plan> = {}): Plan {
  const cells = groups.map((kind, at) => ({ kind, action: actions[at] ?? 'run', reason: '', seconds: null }));
  return {
    cells,
    estimate: { seconds: 38, bytes: null, basis: '', engine: 'wasm', device: null },
    queue: { position: 1, ahead: null },
    rows: null,
    nextSeed: null,
    issues: [],
    ...other,
  };
}
const words = (...of: Parameters<typeof plan>) => planWords(plan(...of), (seconds) => `${seconds} s`);

it('says in one line what is reused, what runs and how long it takes', () => {
  expect(words(['cached', 'run', 'cached'])).toBe(
    'reuses data, targets · runs features, model, loss, train · about 38 s',
  );
  expect(words([], { queue: { position: 3, ahead: 'R12' } })).toMatch(/ · about 38 s · number 3 in the queue$/);
  const unknown = { ...plan([]).estimate, seconds: null };
  expect(words([], { estimate: unknown })).toBe('runs data, features, targets, model, loss, train');
});

it('says where it stops, and that there is such a run already', () => {
  expect(words(['cached', 'wrong', 'run', 'blocked', 'run', 'blocked'])).toBe(
    'reuses data · runs targets, loss · then stops: features has a problem',
  );
  const identical = { id: 'x', number: 12, name: 'x', status: 'completed' } as const;
  expect(words([], { identical })).toBe('the same as R12, which is completed');
});
