import { expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import type { Fetch } from '#lib/api/request.ts';
import { LeakSearch } from '#lib/document/leak-search.svelte.ts';

const report: LeakReport = { columns: 9, rows: 300, findings: [], unjudged: [], notes: [] };
const config = (...overrides: string[]) => requireConfig({ overrides }).config;
const line = (value: object) => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

/** A sidecar whose answer is written by the test. */
function writtenAnswer() {
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const asked: { body: { config: { targets: object } }; signal: AbortSignal }[] = [];
  const fetcher: Fetch = async (path, init) => {
    expect(path).toBe('/api/data/check');
    asked.push({ body: JSON.parse(String(init?.body)), signal: init!.signal! });
    return new Response(body.readable, { headers: { 'content-type': 'application/x-ndjson' } });
  };
  return { search: new LeakSearch(fetcher), asked, writer: body.writable.getWriter() };
}

test('it says how far it is, then what was found, and of which configuration', async () => {
  const { search, asked, writer } = writtenAnswer();
  const done = search.start(config());
  expect([search.share, search.report]).toEqual([0, null]);
  void writer.write(line({ share: 0.5 }));
  await expect.poll(() => search.share).toBe(0.5);
  void writer.write(line({ report }));
  await done;
  expect([search.share, search.report, search.trouble]).toEqual([null, report, null]);
  expect(asked[0].body.config.targets).toMatchObject({ horizon: 12 });
  expect([search.isOf(config('train.epochs=3')), search.isOf(config('targets.horizon=3'))]).toEqual([true, false]);
});

test('stopped, it has neither result nor trouble, and the sidecar hears of it', async () => {
  const { search, asked } = writtenAnswer();
  const done = search.start(config());
  await expect.poll(() => asked.length).toBe(1);
  search.cancel();
  expect([search.share, asked[0].signal.aborted]).toEqual([null, true]);
  void done;
  expect([search.report, search.trouble]).toEqual([null, null]);
});

test('a refusal and an answer that breaks off are told', async () => {
  const error = { code: 'data_not_found', message: 'There is no such file.' };
  const refused = new LeakSearch(async () => Response.json({ error }, { status: 422 }));
  await refused.start(config());
  expect([refused.trouble, refused.report, refused.share]).toEqual(['There is no such file.', null, null]);
  const cut = new LeakSearch(async () => new Response(new Blob([line({ share: 0.1 })])));
  await cut.start(config());
  expect(cut.trouble).toMatch(/ended without a result/);
});
