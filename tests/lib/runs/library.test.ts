import { describe, expect, it } from 'vitest';
import type { RunState } from '#core/run/state.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { Library, readLibrary } from '#lib/runs/library.svelte.ts';
import { evaluationOf, runSummary } from '#tests/support/run-summary.ts';

function run(number: number, status: RunState, name = 'a run'): RunSummary {
  const changed: RunSummary['changed'] = number === 2 ? { 'train.seed': [1, 2] } : {};
  return runSummary({ id: `run${number}`, number, name, status, notebook: 'first', changed });
}

const content = {
  notebooks: [{ slug: 'first', title: 'First words', summary: 'about bars', modifiedAt: '2026-01-01T00:00:00.000Z' }],
  unusable: [{ file: 'my notes.md', reason: 'its name holds a space' }],
  runs: [run(3, 'running'), run(2, 'completed', 'other'), run(1, 'interrupted')],
  trouble: null,
  index: null,
};

describe('Library', () => {
  it('finds runs by number, name, notebook and changed key', () => {
    const library = new Library(content);
    const found = (query: string) => {
      library.query = query;
      return library.runs.map(({ number }) => number);
    };
    expect(found('')).toEqual([3, 2, 1]);
    expect(found('r2')).toEqual([2]);
    expect(found('OTHER first')).toEqual([2]);
    expect(found('train.seed')).toEqual([2]);
    expect(found('nothing')).toEqual([]);
  });

  it('filters by what a person asks: what moves, what ended well, what did not', () => {
    const library = new Library(content);
    library.filter = 'live';
    expect(library.runs.map(({ number }) => number)).toEqual([3]);
    library.filter = 'other';
    expect(library.runs.map(({ number }) => number)).toEqual([1]);
    expect(library.counts).toEqual({ all: 3, live: 1, completed: 1, failed: 0, other: 1 });
  });

  it('ranks by a score within the same rows, and by all else across them', () => {
    const scored = (number: number, da: number, key: string | null) => ({
      ...run(number, 'completed'),
      metrics: { latest: {}, best: { 'val.da': da } },
      evaluation: evaluationOf(key),
    });
    const runs = [scored(4, 0.6, null), scored(3, 0.5, 'b'), scored(2, 0.51, 'a'), scored(1, 0.52, 'a')];
    const library = new Library({ ...content, runs });
    expect(library.ranked).toBeNull();
    expect([...library.highest]).toEqual(['run1']);
    expect([...library.letters.values()]).toEqual(['A', 'B']);
    library.sortBy('val.da');
    const groups = library.ranked?.map(({ rows, runs: members }) => [rows, members.map(({ number }) => number)]);
    expect(groups).toEqual([
      ['b', [3]],
      ['a', [1, 2]],
      [null, [4]],
    ]);
    library.query = 'r3';
    expect(library.letters.get('b')).toBe('B');
    library.sortBy('created');
    expect(library.ranked).toBeNull();
  });

  it('keeps the runs last seen while the sidecar does not answer, and says so', async () => {
    const library = new Library(content, async (path) => {
      if (path.startsWith('/api'))
        return Response.json({ error: { code: 'internal', message: 'down' } }, { status: 503 });
      return Response.json({ notebooks: [] });
    });
    await library.refresh();
    expect(library.trouble).toBe('down');
    expect(library.runs).toHaveLength(3);
  });

  it('says how far the index of the runs is, and what of their folder it could not take', async () => {
    const index = (part: object) => ({ state: 'indexing', listed: 1000, done: 12, total: 1000, failed: [], ...part });
    const words = async (part: object) => {
      const read = await readLibrary(async (path) =>
        path.startsWith('/api/health')
          ? Response.json({ ok: true, version: '1', index: index(part) })
          : Response.json({ runs: [], next: null, notebooks: [], unusable: [] }),
      );
      return new Library(read).indexWords;
    };
    expect(await words({})).toBe('The runs are being indexed: 12 of 1000.');
    expect(await words({ state: 'ready' })).toBeNull();
    const failed = [{ id: '01x', reason: 'run.json is a FIFO where Almanac keeps a file. Move it away' }];
    expect(await words({ state: 'ready', failed })).toContain(
      '01x in the runs folder could not be indexed: run.json is',
    );
  });

  it('lists notebooks even when runs cannot be listed', async () => {
    const read = await readLibrary(async (path) => {
      if (path.startsWith('/api')) throw new TypeError('refused');
      return Response.json({ notebooks: content.notebooks, unusable: content.unusable });
    });
    expect(read.notebooks).toHaveLength(1);
    expect(read.unusable).toEqual(content.unusable);
    expect(read.trouble).toContain('does not answer');
  });
});
