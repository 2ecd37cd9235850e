import { expect, it } from 'vitest';
import { binCounts, binWords } from '#core/run/bin-words.ts';

it('says what goes for good, and what of runs stays known', () => {
  expect(binWords({ runs: 1, bytes: 2_000_000 })).toBe(
    'The bin holds 1 run, 2 MB. It goes for good, with its files, figures, names and notes; that its test was looked at stays known.',
  );
  expect(binWords({ runs: 2, notebooks: 1, bytes: 2_000_000 })).toBe(
    'The bin holds 2 runs and 1 notebook, 2 MB. They go for good; that a run’s test was looked at stays known.',
  );
  expect(binWords({ runs: 0, notebooks: 1, bytes: 40 })).toBe('The bin holds 1 notebook, 40 B. It goes for good.');
  expect(binCounts({ runs: 0 })).toBe('0 runs');
});
