import { expect, it } from 'vitest';
import { stripFigures } from '#lib/run/strip-figures.ts';

const selecting = (metric: string) => ({ train: { select: { metric } } });
const names = (config: unknown, known: readonly string[]) => stripFigures(config, known).map(({ name }) => name);

it('is the loss of the batches until something is validated, then that of validation', () => {
  expect(names(selecting('val.loss'), [])).toEqual([]);
  expect(stripFigures(selecting('val.loss'), ['train.loss', 'lr'])).toEqual([
    { place: 'loss', name: 'train.loss', label: 'loss', split: 'train', level: null },
  ]);
  expect(names(selecting('val.loss'), ['train.loss', 'val.loss', 'val.da'])).toEqual(['val.loss', 'val.da']);
});

it('has beside it the metric that the checkpoint is chosen by, else the first score there is', () => {
  const known = ['train.loss', 'val.loss', 'val.da', 'val.f1', 'val.rmse'];
  expect(names(selecting('val.f1'), known)).toEqual(['val.loss', 'val.f1']);
  expect(names(selecting('val.ret.ic'), [...known, 'val.ret.ic'])).toEqual(['val.loss', 'val.ret.ic']);
  expect(names(selecting('val.loss'), ['val.loss', 'val.rmse'])).toEqual(['val.loss', 'val.rmse']);
  expect(names({}, known)).toEqual(['val.loss', 'val.da']);
});
