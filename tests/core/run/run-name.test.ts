import { expect, it } from 'vitest';
import { isRunName, plainRunName, runIdPattern, runNumber } from '#core/run/run-name.ts';

it('a run is named by its number, with or without R, or by its id', () => {
  expect(['R12', 'r12', '12', '012'].map(runNumber)).toEqual([12, 12, 12, 12]);
  expect(['R12', 'r12', '012'].map(plainRunName)).toEqual(['R12', 'R12', 'R12']);
  const id = '01m8nr2yrkfq9rq2vy28cf';
  expect([runNumber(id), plainRunName(id), isRunName(id), runIdPattern.test(id)]).toEqual([undefined, id, true, true]);
  for (const other of ['', 'R', 'R-1', 'R1.5', 'R1 ', 'RR1', '../R1', 'R1234567890', 'R12\n', 'first-run']) {
    expect([runNumber(other), isRunName(other)], other).toEqual([undefined, false]);
  }
});
