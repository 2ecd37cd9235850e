import { expect, it } from 'vitest';
import { reuseWords, savedWords } from '#core/steps/reuse-words.ts';
import type { StepRecord } from '#core/steps/step-record.ts';

const record = (step: StepRecord['step'], from: StepRecord['from'], saved: number | null): StepRecord => ({
  ...{ step, from, saved },
  why: 'the model changed',
  seconds: 2.14,
});

it('says of each step whether it was computed, and why, or reused, and what that saved', () => {
  expect(reuseWords(record('features', 'computed', null))).toBe('Features computed in 2.1 s: the model changed.');
  expect(reuseWords(record('data', 'cache', 3.14))).toBe('Bars reused, 3.1 s saved.');
  expect(reuseWords(record('data', 'kept', null))).toBe('Bars as they were kept: the file was not read.');
});

it('sums what a run has not done again', () => {
  const steps = [record('data', 'kept', 8.1), record('features', 'cache', 3), record('samples', 'computed', null)];
  expect(savedWords(steps)).toBe('bars, features reused, 11 s saved');
  expect(savedWords([record('data', 'cache', null)])).toBe('bars reused');
  expect(savedWords(steps.slice(2))).toBeNull();
});
