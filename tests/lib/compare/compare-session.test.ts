import { flushSync, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { RunDiff } from '#core/api/run-diff.ts';
import { parseAddress } from '#lib/compare/compare-address.ts';
import { CompareSession } from '#lib/compare/compare-session.svelte.ts';
import OverlaidCurves from '#lib/compare/OverlaidCurves.svelte';
import { comparedRun } from './compared-run.ts';

const noScores = { reason: null, n: 0, nEff: 0, from: null, to: null, base: {}, runs: [], notes: [] };
const diff: RunDiff = {
  ...{ heading: '', lead: '', cells: [], keys: { different: 0, all: 0 }, validation: noScores, test: noScores },
  runs: [comparedRun(1), comparedRun(2)],
};

it('reads the curves again for another smoothing and after a look at the runs, and for nothing else', async () => {
  const asked: string[] = [];
  const fetcher = (path: string) => {
    asked.push(path);
    return Promise.resolve(Response.json(path.includes('/diff') ? diff : { series: {}, lastSeq: 0 }));
  };
  const address = parseAddress(new URLSearchParams('runs=R1,R2'));
  const session = new CompareSession(diff, address, () => undefined, fetcher);
  const page = mount(OverlaidCurves, { target: document.createElement('div'), props: { session } });
  const curves = (smoothing: string | null) => {
    flushSync();
    return asked
      .splice(0)
      .filter((path) => path.includes('/metrics'))
      .map((path) => new URL(path, 'http://x').searchParams.get('smoothing') === smoothing);
  };
  expect(curves(null)).toEqual([true, true]);
  session.look({ axis: 'step' });
  session.look({ stretch: [0, 1] });
  expect(curves(null)).toEqual([]);
  session.look({ smoothing: 0.6 });
  expect(curves('0.6')).toEqual([true, true]);
  await session.refresh();
  expect(curves('0.6')).toEqual([true, true]);
  await unmount(page);
});
