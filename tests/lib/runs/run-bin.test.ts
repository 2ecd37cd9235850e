import { expect, it } from 'vitest';
import { RunBin } from '#lib/runs/run-bin.svelte.ts';

it('says what the bin holds, empties it, and keeps what it knew where the sidecar does not answer', async () => {
  let content = { runs: 2, bytes: 300 };
  let down = false;
  const asked: string[] = [];
  const bin = new RunBin(async (input, init) => {
    if (down) throw new TypeError('fetch failed');
    asked.push(`${init?.method ?? 'GET'} ${String(input)}`);
    if (init?.method !== 'DELETE') return Response.json(content);
    content = { runs: 0, bytes: 0 };
    return Response.json({ runs: 2, bytes: 300, kept: [] });
  });
  expect(bin.content).toEqual({ runs: 0, bytes: 0 });
  await bin.refresh();
  expect(bin.content).toEqual({ runs: 2, bytes: 300 });
  down = true;
  await bin.refresh();
  await expect(bin.empty()).rejects.toThrow();
  expect([bin.content.runs, bin.isBusy]).toEqual([2, false]);
  down = false;
  expect(await bin.empty()).toEqual({ runs: 2, bytes: 300, kept: [] });
  expect(bin.content).toEqual({ runs: 0, bytes: 0 });
  expect(asked).toEqual(['GET /api/runs/bin', 'DELETE /api/runs/bin', 'GET /api/runs/bin']);
});
