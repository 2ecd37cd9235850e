import { describe, expect, it } from 'vitest';
import type { AbsentRun, LineageRun } from '#core/api/lineage.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { lineageRows, lineageTrees, runsBelow } from '#lib/notebook/lineage-layout.ts';
import { runSummary } from '#tests/support/run-summary.ts';

const rsi: ConfigDiff = { 'features.timeframes.1h.rsi.period': [14, 21] };
const seeded = (seed: number): ConfigDiff => ({ 'train.seed': [1, seed] });

function run(number: number, parent: number | null = null, changed: ConfigDiff = {}, seed: unknown = 1): LineageRun {
  const of = parent === null ? null : `r${parent}`;
  return { ...runSummary({ id: `r${number}`, number, parent: of, changed }), seed };
}

/** The picture as text: a row a node, its lines before it. */
function drawn(runs: readonly LineageRun[], absent: readonly AbsentRun[] = []): readonly string[] {
  const joints = { none: '', straight: '↓', elbow: '└', tee: '├' };
  return lineageRows(lineageTrees({ runs, absent })).map(({ node, depth, rails, joint }) => {
    const inside = joint === 'elbow' || joint === 'tee' ? rails.slice(0, -1) : rails;
    const lines = inside.map((goes) => (goes ? '│' : ' ')).join('');
    const names =
      node.runs.map(({ number }) => `R${number}`).join('+') || `(R${node.absent?.number} ${node.absent?.state})`;
    return `${depth} ${lines}${joints[joint]}${names}`;
  });
}

describe('the tree of runs', () => {
  it('stands children under their parent, the older first, and the tree with the newest run first', () => {
    expect(
      drawn([
        run(6),
        run(5, 1, { b: [1, 2] }),
        run(4, 2, { c: [1, 2] }),
        run(3, 2, rsi),
        run(2, 1, { a: [1, 2] }),
        run(1),
      ]),
    ).toEqual(['0 R6', '0 R1', '1 ├R2', '2 │├R3', '2 │└R4', '1 └R5']);
  });

  it('lets an only child stand below its parent, so that a long line of forks stays where it is', () => {
    const line = [1, 2, 3, 4, 5].map((number) => run(number, number === 1 ? null : number - 1, { a: [number, 0] }));
    expect(drawn(line)).toEqual(['0 R1', '1 └R2', '1  ↓R3', '1  ↓R4', '1  ↓R5']);
  });

  it('makes one node of runs that differ in nothing but the seed, however they were forked', () => {
    const repeats = [run(1), run(2, 1, seeded(2), 2), run(3, 2, { 'train.seed': [2, 3] }, 3), run(4, 3, rsi, 3)];
    expect(drawn(repeats)).toEqual(['0 R1', '1 └R2+R3', '1  ↓R4']);
    const [tree] = lineageTrees({ runs: repeats, absent: [] });
    expect(tree.children[0].edge).toEqual({ parent: 'r1', child: 'r2', changed: seeded(2), seeds: [2, 3] });
    expect(runsBelow(tree)).toEqual(['r1', 'r2', 'r3', 'r4']);
    const children = [run(1), run(2, 1, rsi), run(3, 1, { ...rsi, ...seeded(2) }, 2), run(4, 1, { b: [1, 2] })];
    expect(drawn(children)).toEqual(['0 R1', '1 ├R2+R3', '1 └R4']);
  });

  it('keeps the same run again apart: it is no other seed', () => {
    expect(drawn([run(1), run(2, 1), run(3, 1)])).toEqual(['0 R1', '1 ├R2', '1 └R3']);
  });

  it('names a parent that is in the bin or gone, and goes on above it', () => {
    const absent: readonly AbsentRun[] = [
      { id: 'r2', number: 2, state: 'binned', parent: 'r1', changed: rsi },
      { id: 'r8', number: 8, state: 'gone', parent: null, changed: {} },
    ];
    expect(drawn([run(9, 8, rsi), run(3, 2, { a: [1, 2] }), run(1)], absent)).toEqual([
      '0 (R8 gone)',
      '1 └R9',
      '0 R1',
      '1 └(R2 binned)',
      '1  ↓R3',
    ]);
  });

  it('places every run once, whatever came of what', () => {
    const random = (seed: number) => () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
    for (let seed = 1; seed <= 50; seed++) {
      const next = random(seed);
      const runs = Array.from({ length: 40 }, (_, i) => {
        const parent = next() < 0.2 || i === 0 ? null : 1 + Math.floor(next() * i);
        const changed: ConfigDiff = next() < 0.3 ? seeded(i) : { [`k${Math.floor(next() * 3)}`]: [0, 1] };
        return run(i + 1, parent, parent === null ? {} : changed, i);
      });
      const rows = lineageRows(lineageTrees({ runs, absent: [] }));
      const placed = rows.flatMap(({ node }) => node.runs.map(({ number }) => number));
      expect([...placed].sort((a, b) => a - b)).toEqual(runs.map(({ number }) => number));
      // A line that goes on ends in a joint of its column below.
      rows.forEach(({ rails }, at) =>
        rails.forEach((goes, column) => {
          if (!goes) return;
          const later = rows.slice(at + 1).find(({ depth, joint }) => depth <= column + 1 && joint !== 'straight');
          expect(later).toMatchObject({ depth: column + 1, joint: expect.stringMatching(/tee|elbow/) });
        }),
      );
    }
  });
});
