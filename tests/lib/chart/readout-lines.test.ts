import { expect, it } from 'vitest';
import { readoutLines } from '#lib/chart/readout-lines.ts';

const value = (label: string, more = {}) => ({ label, value: '0', ...more });

it('keeps a line for the place and what the values may take, whatever they are', () => {
  expect([46, 64].map((characters) => readoutLines([value('rate')], characters))).toEqual([2, 1]);
  expect(readoutLines([value('train'), value('validation')], 46)).toBe(2);
  const accuracy = [value('R12'), value('validation', { hasInterval: true }), value('majority')];
  expect([46, 64, 100].map((characters) => readoutLines(accuracy, characters))).toEqual([4, 3, 2]);
  const long = accuracy.map((one) => ({ ...one, value: '−1.234e−5 (−1.234e−5 to 1.234e−5)' }));
  expect(readoutLines(long, 46)).toBe(4);
});
