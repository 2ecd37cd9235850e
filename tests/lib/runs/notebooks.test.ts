import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Notebooks } from '#lib/runs/notebooks.svelte.ts';

const first = { slug: 'first', title: 'First', summary: '', modifiedAt: '2026-01-01T00:00:00.000Z' };
const list = { notebooks: [first], unusable: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks once for what was typed, and an answer that comes late counts for nothing', async () => {
  const asked: string[] = [];
  const answers = new Map<string, (response: Response) => void>();
  const notebooks = new Notebooks(list, (path) => {
    asked.push(path);
    return new Promise((done) => answers.set(path, done));
  });
  notebooks.query = 'r';
  notebooks.query = 'rsi';
  await vi.runAllTimersAsync();
  notebooks.query = 'rsi 21';
  await vi.runAllTimersAsync();
  expect(asked).toEqual(['/files/notebooks?search=rsi', '/files/notebooks?search=rsi%2021']);
  answers.get('/files/notebooks?search=rsi%2021')?.(Response.json({ notebooks: [], unusable: [] }));
  await vi.runAllTimersAsync();
  answers.get('/files/notebooks?search=rsi')?.(Response.json(list));
  await vi.runAllTimersAsync();
  expect(notebooks.entries).toEqual([]);
  // None is found; that there is one is still known.
  expect(notebooks.isEmpty).toBe(false);
});

it('renames only what is another name, and brings a binned one back', async () => {
  const sent: unknown[] = [];
  const notebooks = new Notebooks(list, async (path, init) => {
    if (init?.method !== undefined) sent.push([init.method, path, init.body ?? null]);
    if (init?.method === 'DELETE') return Response.json({ restore: 'first.1' });
    return Response.json(init?.method === undefined ? list : { slug: 'first' });
  });
  await notebooks.rename(first, 'New title', 'first');
  const undo = await notebooks.remove('first');
  await undo();
  expect(sent).toEqual([
    ['PATCH', '/files/notebooks/first', '{"title":"New title"}'],
    ['DELETE', '/files/notebooks/first', null],
    ['POST', '/files/notebooks', '{"restore":"first.1"}'],
  ]);
});
