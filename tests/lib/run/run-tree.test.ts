import { expect, it } from 'vitest';
import type { LineageRun } from '#core/api/lineage.ts';
import { RunSession } from '#lib/run/run-session.svelte.ts';
import { treeWith } from '#lib/run/run-tree.ts';
import { runDetail, runSummary } from '#tests/support/run-summary.ts';

it('shows at the node of the page what was said of its run since the tree was read', () => {
  const nodes = ['a', 'b'].map((id): LineageRun => ({ ...runSummary({ id }), seed: 1 }));
  const said = { name: 'Slower', starred: true, conclusion: '# No gain, see *R1*\n\nNext: a longer lookback.' };
  const session = new RunSession(runDetail({ id: 'b', ...said }));
  const { runs, more } = treeWith({ runs: nodes, absent: [], more: 3 }, session);
  expect(runs[0]).toBe(nodes[0]);
  expect(runs[1]).toMatchObject({ name: 'Slower', starred: true, conclusion: 'No gain, see R1', seed: 1 });
  expect(more).toBe(3);
});
