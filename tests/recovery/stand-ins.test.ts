import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestSidecar } from '#tests/support/sidecar.ts';

interface Refused {
  readonly error: { readonly message: string };
}

// The whole list is in sabotage.full.test.ts.
test('a frozen file that is gone and a file in place of the bin are told in words', async () => {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  rmSync(join(sidecar.runs, id, 'notebook.md'));
  const forked = await sidecar.post<Refused>(`/runs/${id}/fork`, {});
  expect(forked.status).toBe(409);
  expect(forked.body.error.message).toMatch(/^R1 cannot be forked: .*notebook\.md cannot be read \(ENOENT\)/);
  writeFileSync(join(sidecar.runs, '.bin'), '');
  const binned = await sidecar.json<Refused>(`/runs/${id}`, { method: 'DELETE' });
  expect([binned.status, binned.body.error.message]).toEqual([
    409,
    '.bin in the runs folder is no folder. Move it away.',
  ]);
  expect((await sidecar.json(`/runs/${id}`)).status).toBe(200);
});
