import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Lineage } from '#core/api/lineage.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';

const notebook = '# Kin\n\n```yaml train\nepochs: 1\nseed: 1\n```\n';

async function make(sidecar: TestSidecar, path: string, body: object): Promise<string> {
  return (await sidecar.post<{ id: string }>(path, body)).body.id;
}
const fork = (sidecar: TestSidecar, id: string, ...overrides: readonly string[]) =>
  make(sidecar, `/runs/${id}/fork`, { overrides });
const read = async (sidecar: TestSidecar, query: string) =>
  (await sidecar.json<Lineage>(`/runs/lineage?${query}`)).body;
const numbers = ({ runs }: Lineage) => runs.map(({ number }) => number);

test('a notebook has its newest runs, with the parents of all, and says how many more there are', async () => {
  const sidecar = await startTestSidecar('scored');
  const first = await make(sidecar, '/runs', { source: notebook });
  const child = await fork(sidecar, first, 'train.seed=2');
  const grandchild = await fork(sidecar, child, 'train.epochs=2', 'model.dropout=0.3');
  await make(sidecar, '/runs', {});
  for (const id of [first, child, grandchild]) await sidecar.until(id, ({ status }) => status === 'completed');
  await sidecar.json(`/runs/${child}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ starred: true, conclusion: '- **Two seeds** agree.\n\nMore of it.' }),
  });

  const kin = await read(sidecar, `of=${grandchild}`);
  expect(numbers(kin)).toEqual([3, 2, 1]);
  expect(kin).toMatchObject({ absent: [], more: 0 });
  expect(kin.runs[1]).toMatchObject({ parent: first, seed: 2, starred: true, conclusion: 'Two seeds agree.' });
  expect(kin.runs[0].changed).toMatchObject({ 'model.dropout': [expect.anything(), 0.3] });
  const { metrics } = (await sidecar.json<{ metrics: { best: Record<string, number> } }>(`/runs/${child}`)).body;
  const shown = Object.entries(kin.runs[1].metrics.best);
  expect(shown.length).toBeGreaterThan(0);
  for (const [name, value] of shown) expect([name, value]).toEqual([name, metrics.best[name]]);
  expect(shown.filter(([name]) => !name.startsWith('val.'))).toEqual([]);
});

test('a parent in the bin is named, and one that is gone too; what came of them stays', async () => {
  const sidecar = await startTestSidecar('quick');
  const first = await make(sidecar, '/runs', { source: notebook });
  const child = await fork(sidecar, first, 'train.seed=2');
  const sibling = await fork(sidecar, first, 'train.seed=3');
  for (const id of [first, child, sibling]) await sidecar.until(id, ({ status }) => status === 'completed');
  await sidecar.json(`/runs/${first}`, { method: 'DELETE' });
  const binned = await read(sidecar, `of=${child}`);
  expect(numbers(binned)).toEqual([3, 2]);
  expect(binned.absent).toEqual([{ id: first, number: 1, state: 'binned', parent: null, changed: {} }]);
  // The child's own page opens.
  expect((await sidecar.json<{ parent: string }>(`/runs/${child}`)).body.parent).toBe(first);

  await sidecar.json('/runs/bin', { method: 'DELETE' });
  const gone = await read(sidecar, `of=${child}`);
  expect(numbers(gone)).toEqual([3, 2]);
  expect(gone.absent).toEqual([{ id: first, number: 1, state: 'gone', parent: null, changed: {} }]);
});

test('a long notebook gives as many as are asked for, and the kin of the run of the page besides', async () => {
  const sidecar = await startTestSidecar('quick');

  writeFileSync(join(sidecar.home, 'notebooks', 'kin.md'), notebook);
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await make(sidecar, '/runs', { notebook: 'kin' }));
  const child = await fork(sidecar, ids[0], 'train.seed=2');
  for (const id of [...ids, child]) await sidecar.until(id, ({ status }) => status === 'completed');
  const newest = await read(sidecar, 'notebook=kin&limit=3');
  // R7 is among the newest and brings R1, of which it was forked.
  expect([numbers(newest), newest.more]).toEqual([[7, 6, 5, 1], 4]);
  const of = await read(sidecar, `notebook=kin&limit=1&of=${ids[2]}`);
  expect([numbers(of), of.more]).toEqual([[7, 3, 1], 6]);
  expect(await read(sidecar, 'notebook=none')).toEqual({ runs: [], absent: [], more: 0 });
});
