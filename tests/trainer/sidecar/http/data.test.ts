import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';

const hours = Array.from(
  { length: 50 },
  (_, i) => `${new Date(i * 3_600_000).toISOString()},1,2,0.5,${1 + i / 100},10\n`,
);

function homeWithData(): string {
  const home = temporaryHome();
  mkdirSync(join(home, 'notebooks', 'data'));
  writeFileSync(join(home, 'notebooks', 'data', 'hours.csv'), `time,open,high,low,close,volume\n${hours.join('')}`);
  writeFileSync(join(home, 'notebooks', 'note.md'), '# no data');
  writeFileSync(join(home, 'secret.csv'), 'time,open,high,low,close\n');
  symlinkSync(join(home, 'secret.csv'), join(home, 'notebooks', 'data', 'link.csv'));
  return home;
}

interface Inspection {
  readonly key: string;
  readonly rows: number;
  readonly step: number;
  readonly fingerprint: string;
  readonly error: { readonly code: string; readonly message: string; readonly issues: { path: string }[] };
}

test('a data file is listed, inspected, and its bars come back as columns', async () => {
  const sidecar = await startTestSidecar('steady', homeWithData());
  expect((await sidecar.json('/data/files')).body).toEqual({
    files: [{ path: 'data/hours.csv', bytes: expect.any(Number) }],
  });
  const { status, body } = await sidecar.post<Inspection>('/data/inspect', { data: { source: 'data/hours.csv' } });
  expect([status, body.rows, body.step]).toEqual([200, 50, 3_600_000]);
  const answer = await fetch(`${sidecar.url}/data/bars/${body.key}`);
  expect(answer.headers.get('x-almanac-rows')).toBe('50');
  const bars = decodeBars(new Uint8Array(await answer.arrayBuffer()), Number(answer.headers.get('x-almanac-step')));
  expect([...bars.close]).toEqual(hours.map((_, i) => 1 + i / 100));
  expect((await fetch(`${sidecar.url}/data/bars/unknown`)).status).toBe(404);
});

test('what may not be read, or is no data, is 422 at the key', async () => {
  const sidecar = await startTestSidecar('steady', homeWithData());
  for (const source of ['../secret.csv', 'data/link.csv', '/etc/passwd', 'data/none.csv', 'http://127.0.0.1/x.csv']) {
    const { status, body } = await sidecar.post<Inspection>('/data/inspect', { data: { source } });
    expect([source, status, body.error.issues[0].path]).toEqual([source, 422, 'data.source']);
    expect(JSON.stringify(body)).not.toContain(sidecar.home);
  }
  const { status, body } = await sidecar.post<Inspection>('/data/inspect', { data: { gaps: { policy: 'guess' } } });
  expect([status, body.error.issues[0].path]).toEqual([422, 'data.gaps.policy']);
});
