import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { columnsAnswer, tableAnswer } from '#core/api/run-table.ts';
import { problemSchema } from '#core/api/problem.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

test('the table of runs is answered packed, in the shape that is promised, and as it is now', async () => {
  const sidecar = await startTestSidecar('scored');
  const { id } = (await sidecar.post<{ id: string }>('/runs', { name: 'One', tags: ['old'] })).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  const { id: other } = (await sidecar.post<{ id: string }>(`/runs/${id}/fork`, { overrides: ['train.seed=2'] })).body;
  await sidecar.until(other, ({ status }) => status === 'completed');
  const ask = async (query: Record<string, string> = {}) => {
    const path = `/runs/table?${new URLSearchParams(query).toString()}`;
    return tableAnswer.strict().parse((await sidecar.json(path)).body);
  };
  const first = await ask();
  expect(
    first.rows.map(({ number, state, parent, changes }) => [number, state, parent?.number ?? null, changes]),
  ).toEqual([
    [2, 'completed', 1, [['train.seed', 1, 2]]],
    [1, 'completed', null, []],
  ]);
  expect((await ask({ filter: 'train.seed = 2 and parent = R1 and changed:train.seed' })).order).toEqual([other]);
  expect((await ask({ group: 'setup' })).groups).toMatchObject([{ n: 2 }]);
  const labelled = await fetch(`${sidecar.url}/runs/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ starred: true, conclusion: '## It *learns*.\nNot much.' }),
  });
  expect(labelled.status).toBe(200);
  const fresh = await ask({ since: first.version });
  expect([
    fresh.isDifference,
    fresh.rows.map(({ number, starred, conclusion }) => [number, starred, conclusion]),
  ]).toEqual([true, [[1, true, 'It learns.']]]);
  expect((await ask({ filter: 'starred and conclusion ~ "not much"' })).order).toEqual([id]);
  const { columns } = columnsAnswer.strict().parse((await sidecar.json('/runs/columns')).body);
  expect(columns.find(({ key }) => key === 'tag')?.values).toEqual(['old']);
  const packed = await new Promise<{ readonly encoding: unknown; readonly body: Buffer }>((done, failed) => {
    const headers = { 'accept-encoding': 'gzip' };
    const sent = request({ host: '127.0.0.1', port: sidecar.port, path: '/runs/table', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => done({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }));
    });
    sent.once('error', failed);
    sent.end();
  });
  expect(packed.encoding).toBe('gzip');
  tableAnswer.strict().parse(JSON.parse(gunzipSync(packed.body).toString()));
});

test('what cannot be read of a table’s query is refused with its place', async () => {
  const sidecar = await startTestSidecar('quick');
  const refused = async (query: Record<string, string>) => {
    const answer = await fetch(`${sidecar.url}/runs/table?${new URLSearchParams(query).toString()}`);
    const { error } = problemSchema.parse(await answer.json());
    return [answer.status, error.message, error.issues?.[0]?.column ?? null];
  };
  expect(await refused({ filter: 'val.dda > 0.5' })).toEqual([422, expect.stringMatching(/no column val\.dda\. Did you mean val\.da/), 1]); // prettier-ignore
  expect(await refused({ filter: '(tag:old' })).toEqual([422, 'filter, at 1: This ( is not closed.', 1]);
  expect(await refused({ sort: '-test.da' })).toEqual([422, expect.stringContaining('not ranked by test.da'), null]);
  expect(await refused({ limit: '0' })).toEqual([400, expect.stringContaining('limit'), null]);
  // What an address names that is gone is said, and the rest is there.
  const gone = tableAnswer.parse((await sidecar.json('/runs/table?baseline=R9&columns=features.x')).body);
  expect([gone.baseline, gone.notes]).toEqual([null, ['There is no column features.x.', 'There is no run R9: nothing is held against it.']]); // prettier-ignore
});
