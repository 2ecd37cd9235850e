import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail, RunList } from '#core/run/summary.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

const text = (title: string) =>
  `---\ntitle: ${title}\n---\nSome words of ${title}.\n\n\`\`\`yaml train\nepochs: 2\n\`\`\`\n`;

async function startWithRun(home = temporaryHome()) {
  const folder = join(home, 'notebooks');
  const path = (name: string) => join(folder, `${name}.md`);
  writeFileSync(path('first'), text('one'));
  const sidecar = await startTestSidecar('quick', home);
  const { id } = (await sidecar.post<{ id: string }>('/runs', { notebook: 'first' })).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  return { home, folder, path, sidecar, id };
}
const runsOf = async (sidecar: TestSidecar, notebook: string) =>
  (await sidecar.json<RunList>(`/runs?notebook=${notebook}`)).body.runs.map(({ number }) => number);

test('a notebook that is renamed keeps its runs, now and in an index that is built again, and not a byte of it changes', async () => {
  const { sidecar, path, id, home } = await startWithRun();
  const before = readFileSync(path('first'));
  renameSync(path('first'), path('second'));
  expect(await runsOf(sidecar, 'second')).toEqual([1]);
  expect(await runsOf(sidecar, 'first')).toEqual([]);
  expect((await sidecar.json<RunDetail>(`/runs/${id}`)).body.notebook).toBe('second');
  expect(readFileSync(path('second'))).toEqual(before);

  // Another notebook may be called so from now on; its runs are its own.
  writeFileSync(path('first'), text('two'));
  const other = (await sidecar.post<{ id: string }>('/runs', { notebook: 'first' })).body.id;
  await sidecar.until(other, ({ status }) => status === 'completed');
  await sidecar.post('/system/reindex');
  expect([await runsOf(sidecar, 'second'), await runsOf(sidecar, 'first')]).toEqual([[1], [2]]);
  // A child belongs to the notebook as it is called now.
  const child = await sidecar.post<{ notebook: string }>(`/runs/${id}/fork`, { overrides: ['train.seed=2'] });
  expect(child.body.notebook).toBe('second');
  await sidecar.close();

  for (const name of ['almanac.db', 'almanac.db-wal', 'almanac.db-shm'])
    rmSync(join(sidecar.runs, name), { force: true });
  const second = await startTestSidecar('quick', home);
  expect(await runsOf(second, 'second')).toEqual([3, 1]);
});

test('one that is moved and edited while nothing runs is known again', async () => {
  const { sidecar, path, home } = await startWithRun();
  await sidecar.close();
  copyFileSync(path('first'), path('moved'));
  rmSync(path('first'));
  writeFileSync(path('moved'), readFileSync(path('moved'), 'utf8').replace('epochs: 2', 'epochs: 3'));
  const second = await startTestSidecar('quick', home);
  expect(await runsOf(second, 'moved')).toEqual([1]);
});

test('a record that is damaged is set aside and said, and what the index knows stays', async () => {
  const { sidecar, path, home } = await startWithRun();
  renameSync(path('first'), path('second'));
  expect(await runsOf(sidecar, 'second')).toEqual([1]);
  await sidecar.close();
  writeFileSync(join(sidecar.runs, 'notebooks.json'), '{"notebooks": 1}');
  const second = await startTestSidecar('quick', home);
  expect(second.warnings.join('\n')).toContain('notebooks.json');
  expect(await runsOf(second, 'second')).toEqual([1]);
});
