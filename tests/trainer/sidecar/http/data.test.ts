import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { TablePreview } from '#core/quotes/table-preview.ts';
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
  readonly report: CleaningReport;
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

test('further columns follow the bars, and one that is not there is 422 at its key', async () => {
  const home = homeWithData();
  const lines = hours.map((line, i) => `${line.trimEnd()},${i % 8 === 0 ? i / 1000 : ''}\n`);
  const head = 'time,open,high,low,close,volume,funding_rate\n';
  writeFileSync(join(home, 'notebooks', 'data', 'funded.csv'), head + lines.join(''));
  const sidecar = await startTestSidecar('steady', home);
  const data = { source: 'data/funded.csv' };
  const columns = ['volume', 'funding_rate'];
  const { body } = await sidecar.post<Inspection>('/data/inspect', { data, columns });
  const answer = await fetch(`${sidecar.url}/data/bars/${body.key}`);
  const bars = decodeBars(new Uint8Array(await answer.arrayBuffer()), body.step, columns);
  expect([...bars.extra['funding_rate']].slice(7, 10)).toEqual([NaN, 0.008, NaN]);
  expect(bars.extra['volume'][0]).toBe(10);
  expect(body.report.numeric).toContain('funding_rate');
  expect((await sidecar.post<Inspection>('/data/inspect', { data })).body.key).not.toBe(body.key);
  const refused = await sidecar.post<Inspection>('/data/inspect', { data, columns: ['fundingrate'] });
  expect([refused.status, refused.body.error.issues[0].path]).toEqual([422, 'features.columns.fundingrate']);
  expect(refused.body.error.message).toContain('did you mean "funding_rate"?');
});

test('the first rows of a file are shown as it has them, with what its columns seem to be', async () => {
  const home = homeWithData();
  const days = Array.from({ length: 30 }, (_, i) => `2024-01-${String(i + 1).padStart(2, '0')};1,5;Berlin;4`);
  writeFileSync(join(home, 'notebooks', 'data', 'foreign.csv'), `Wann;A;;B\n${days.join('\n')}\n`);
  const sidecar = await startTestSidecar('steady', home);
  const preview = (source: string) => sidecar.post<TablePreview>('/data/preview', { data: { source } });
  const known = await preview('data/hours.csv');
  expect(known.status).toBe(200);
  expect(known.body).toMatchObject({
    ...{ file: 'hours.csv', names: ['time', 'open', 'high', 'low', 'close', 'volume'], instruments: [] },
    guess: { time: 'time', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume' },
  });
  expect(known.body.rows).toHaveLength(12);
  const { body } = await preview('data/foreign.csv');
  expect([body.names, body.rows[0]]).toEqual([
    ['Wann', 'A', '#3', 'B'],
    ['2024-01-01', '1,5', 'Berlin', '4'],
  ]);
  expect(body.guess.close).toBeUndefined();
  expect((await preview('sample://market?bars=100')).body.rows).toHaveLength(12);
  for (const source of ['../secret.csv', '/etc/passwd', 'data/none.csv']) {
    expect([source, (await preview(source)).status]).toEqual([source, 422]);
  }
});
