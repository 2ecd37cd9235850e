import type { RunRecord } from '#trainer/run-folder/frozen.ts';

/** What is frozen of a run, and what a test wants to say of it. */
export function runRecord(part: Partial<RunRecord> = {}): RunRecord {
  return {
    id: '01aaaaaaaaaaaaaaaaaaaa',
    number: 1,
    name: 'Test',
    notebook: null,
    parent: null,
    changed: {},
    tags: [],
    createdAt: '2024-01-01T00:00:00.000Z',
    given: null,
    key: null,
    ...part,
  };
}
