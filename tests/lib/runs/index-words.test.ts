import { expect, it } from 'vitest';
import { indexWords } from '#lib/runs/index-words.ts';

it('says how far the index of the runs is, and what of their folder it could not take', () => {
  const status = { state: 'indexing', listed: 1000, done: 12, total: 1000, failed: [] } as const;
  expect(indexWords(status)).toBe('The runs are being indexed: 12 of 1000.');
  expect(indexWords({ ...status, listed: 300, done: 0 })).toBe('The runs are being listed: 300 of 1000.');
  expect(indexWords({ ...status, state: 'ready' })).toBeNull();
  const failed = [{ id: '01x', reason: 'run.json is a FIFO where Almanac keeps a file. Move it away' }];
  expect(indexWords({ ...status, state: 'ready', failed })).toContain(
    '01x in the runs folder could not be indexed: run.json is',
  );
});
