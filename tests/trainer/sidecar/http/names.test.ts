import { expect, test } from 'vitest';
import type { RunSummary } from '#core/run/summary.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

interface Refused {
  readonly error: { readonly code: string; readonly message: string };
}

const bad: readonly (readonly [string, string])[] = [
  ['  ', 'nothing that can be seen'],
  ['\u200b', 'nothing that can be seen'],
  ['a\u0000b', 'control character, U+0000'],
  ['a\u202eb', 'turns the direction of text, U+202E'],
  ['a ', 'ends with a blank'],
];

test('names that cannot be seen or that turn text are refused for runs, tags and checkpoints', async () => {
  const sidecar = await startTestSidecar('steady');
  const { id } = (await sidecar.post<{ id: string }>('/runs', { name: 'seen' })).body;
  await sidecar.until(id, ({ status }) => status === 'running');
  const patch = (body: object) =>
    sidecar.json<Refused>(`/runs/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (const [name, why] of bad) {
    for (const body of [{ name }, { tags: ['kept', name] }]) {
      for (const answer of [
        await sidecar.post<Refused>('/runs', body),
        await sidecar.post<Refused>(`/runs/${id}/fork`, body),
        await patch(body),
      ]) {
        expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_request']);
        expect(answer.body.error.message).toContain(why);
      }
    }
  }
  for (const name of ['con', 'nul', 'com1', ' a', 'a\u0000', '']) {
    expect((await sidecar.post(`/runs/${id}/checkpoint`, { name })).status, name).toBe(400);
  }
  const { runs } = (await sidecar.json<{ runs: RunSummary[] }>('/runs')).body;
  expect(runs.map(({ name, tags }) => ({ name, tags }))).toEqual([{ name: 'seen', tags: [] }]);
});

test('a run is called by what can be seen of its notebook’s title', async () => {
  const sidecar = await startTestSidecar('steady');
  const cell = '```yaml train\nepochs: 1\n```\n';
  const made = async (title: string) => {
    const source = `---\ntitle: ${JSON.stringify(title)}\n---\n\n${cell}`;
    return (await sidecar.post<RunSummary>('/runs', { source })).body.name;
  };
  expect(await made(' a\u202eb ')).toBe('ab');
  expect(await made('\u200b')).toMatch(/^Run \d+$/);
});
