import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Issue } from '#core/error.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly issues?: readonly Issue[] };
}

const notebook = (data: string, train = 'epochs: 1') =>
  `# Mine\n\n\`\`\`yaml data\n${data}\n\`\`\`\n\n\`\`\`yaml train\n${train}\n\`\`\`\n`;

test('what only a look at the data or the engines refuses is told at its line too', async () => {
  const sidecar = await startTestSidecar('steady');
  const refused = async (body: object) => (await sidecar.post<Refusal>('/runs', body)).body.error;
  const missing = { source: notebook('source: gone.csv') };
  expect(await refused(missing)).toMatchObject({
    code: 'data_not_found',
    message: expect.stringMatching(/^line 4: .*gone\.csv/),
    issues: [{ path: 'data.source', line: 4, column: 9 }],
  });
  expect(await refused({ source: notebook('timezone: UTC', 'engine: webgpu') })).toMatchObject({
    code: 'engine_unavailable',
    message: expect.stringMatching(/^line 8: /),
    issues: [{ path: 'train.engine', line: 8, column: 9 }],
  });
  const overridden = await refused({
    source: notebook('source: sample://market'),
    overrides: ['data.source=gone.csv'],
  });
  expect([overridden.message, overridden.issues]).toEqual([
    expect.not.stringContaining('line'),
    [{ path: 'data.source', message: expect.any(String) }],
  ]);
  const { body: parent } = await sidecar.post<{ id: string }>('/runs', { source: notebook('source: sample://market') });
  expect((await sidecar.post<Refusal>(`/runs/${parent.id}/fork`, missing)).body.error.issues).toMatchObject([
    { line: 4 },
  ]);
});

test('a run that its data ends names the line of the notebook', async () => {
  const sidecar = await startTestSidecar('real');
  writeFileSync(join(sidecar.home, 'notebooks', 'bars.csv'), 'Datum,Schluss\n2024-01-01,1\n2024-01-02,2\n');
  const source = notebook('source: bars.csv\ncolumns:\n  time: Tag');
  const { body: run } = await sidecar.post<{ id: string }>('/runs', { source });
  const ended = await sidecar.until(run.id, ({ status }) => status === 'failed');
  expect(ended.reason).toMatch(/^line 6: .*Tag/);
  // Nobody wrote the lines of a notebook that was made for a run.
  const config = { data: { source: 'bars.csv', columns: { time: 'Tag' } } };
  const { body: bare } = await sidecar.post<{ id: string }>('/runs', { config });
  expect((await sidecar.until(bare.id, ({ status }) => status === 'failed')).reason).toMatch(/^(?!line).*Tag/);
});
