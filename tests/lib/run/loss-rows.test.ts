import { expect, it } from 'vitest';
import { lossRows } from '#lib/run/loss-rows.ts';

const values: Readonly<Record<string, number>> = {
  'train.dir.loss': 0.7,
  'train.loss': 1.07,
  'train.ret.loss': 0.37,
  'val.dir.loss': 0.69,
  'val.loss': 1.08,
};
const figure = (name: string) => values[name] ?? null;

it('has a term a row with both splits beside each other, and the whole at the end', () => {
  expect(lossRows(['lr', ...Object.keys(values), 'val.log_loss'], figure)).toEqual([
    { task: 'dir', train: 0.7, validation: 0.69 },
    { task: 'ret', train: 0.37, validation: null },
    { task: null, train: 1.07, validation: 1.08 },
  ]);
});

it('is the whole alone of one task, and nothing before the first step', () => {
  expect(lossRows(['train.loss'], figure)).toEqual([{ task: null, train: 1.07, validation: 1.08 }]);
  expect(lossRows(['lr'], figure)).toEqual([]);
});
