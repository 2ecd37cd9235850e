import { describe, expect, it } from 'vitest';
import { compileConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { cellStaleness } from '#core/notebook/graph.ts';
import { notebookCellState } from '#lib/cells/cell-state.ts';

function config(overrides: readonly string[] = []): Config {
  const { config: complete, issues } = compileConfig({ overrides });
  if (!complete) throw new Error(JSON.stringify(issues));
  return complete;
}

describe('state of a notebook cell', () => {
  const ran = config();
  const now = cellStaleness(config(['targets.horizon=24']), ran);
  const state = (group: keyof typeof now) => notebookCellState(0, false, null, { run: 'R3', staleness: now[group] });

  it('is fresh where the last finished run was made of the same', () => {
    expect(state('features')).toMatchObject({ word: 'fresh', reason: 'As in R3' });
  });

  it('is stale with the reason in words, in the cell itself and in those that need it', () => {
    expect(state('targets')).toMatchObject({
      word: 'stale',
      tone: 'changed',
      reason: 'Stale against R3: targets.horizon 12 → 24',
    });
    expect(state('train').reason).toBe('Stale against R3: needs targets: targets.horizon 12 → 24');
  });

  it('says a problem before it says anything else, and nothing of runs where there is none', () => {
    expect(notebookCellState(2, false, null, { run: 'R3', staleness: now.targets }).word).toBe('2 problems');
    expect(notebookCellState(0, false).word).toBe('ready');
  });
});
