import { expect, it } from 'vitest';
import { splitFigures } from '#lib/cells/split-figures.ts';

const boundaries = { validationFrom: Date.UTC(2021, 5, 1), testFrom: Date.UTC(2022, 0, 1, 13), until: null };
const report = {
  samples: { train: 31_741, validation: 6801, test: 6803 },
  purged: 24,
  embargoed: 0,
  afterUntil: 0,
};
const words = (...of: Parameters<typeof splitFigures>) =>
  splitFigures(...of).map(({ label, value }) => `${label} ${value}`);

it('says where each split begins, and how many samples it has once they are counted', () => {
  expect(words(boundaries, null)).toEqual([
    'train to 2021-06-01',
    'validation from 2021-06-01',
    'test from 2022-01-01 13:00',
  ]);
  expect(words(boundaries, report)).toEqual([
    'train 31,741, to 2021-06-01',
    'validation 6,801, from 2021-06-01',
    'test 6,803, from 2022-01-01 13:00',
    'purged 24',
  ]);
});

it('names the end of the test and what lies behind it, and what an embargo took', () => {
  const ended = { ...boundaries, until: Date.UTC(2022, 9, 19) };
  expect(words(ended, { ...report, embargoed: 10, afterUntil: 48 }).slice(2)).toEqual([
    'test 6,803, from 2022-01-01 13:00 to 2022-10-19',
    'purged 24',
    'embargoed 10',
    'in no split 48',
  ]);
});

it('says nothing of what is not known', () => {
  expect(words(null, null)).toEqual([]);
  expect(words(null, report)[0]).toBe('train 31,741');
});
