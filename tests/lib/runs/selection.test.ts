import { expect, it } from 'vitest';
import { Selection } from '#lib/runs/selection.svelte.ts';

const run = (number: number) => ({ id: `run${number}`, number });
const entryAt = (at: number) => run(at + 1);

it('ticks, unticks, and goes on from the run touched last', () => {
  const selection = new Selection();
  selection.toggle(run(5), 4);
  selection.extend(2, entryAt);
  expect(selection.numbers).toBe('R5,R3,R4');
  selection.toggle(run(4), 3);
  expect([selection.has('run4'), selection.count]).toEqual([false, 2]);
  selection.extend(5, (at) => (at === 4 ? undefined : entryAt(at)));
  expect(selection.ids).toEqual(['run5', 'run3', 'run4', 'run6']);
  selection.remove(['run5', 'other']);
  selection.add([run(9), run(3)]);
  expect(selection.numbers).toBe('R3,R4,R6,R9');
  selection.clear();
  expect(selection.count).toBe(0);
});
