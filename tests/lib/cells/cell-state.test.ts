import { describe, expect, it } from 'vitest';
import { compileConfig } from '#core/config/compile.ts';
import { type Config, groups } from '#core/config/config.ts';
import { cellStaleness } from '#core/notebook/graph.ts';
import { notebookCellState } from '#lib/cells/cell-state.ts';
import { summariseCell } from '#lib/cells/cell-summary.ts';
import { obstacleOf } from '#lib/document/output.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';

function config(overrides: readonly string[] = []): Config {
  const { config: complete, issues } = compileConfig({ overrides });
  if (!complete) throw new Error(JSON.stringify(issues));
  return complete;
}

describe('state of a notebook cell', () => {
  const ran = config();
  const now = cellStaleness(config(['targets.horizon=24']), ran);
  const state = (group: keyof typeof now) =>
    notebookCellState({ errors: 0, compared: { run: 'R3', staleness: now[group] } });

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
    expect(notebookCellState({ errors: 2, compared: { run: 'R3', staleness: now.targets } }).word).toBe('2 problems');
    expect(notebookCellState({ errors: 0 }).word).toBe('ready');
  });
});

describe('a notebook with one broken cell', () => {
  const broken = {
    data: 'data.split.train=0.1',
    features: 'features.scaler=none',
    targets: 'targets.horizon=0',
    model: 'model.lookback=-5',
    loss: 'loss.weights={ret: -1}',
    train: 'train.epochs=-1',
  };
  const waiting = {
    data: ['features', 'targets', 'model', 'loss', 'train'],
    features: ['model', 'train'],
    targets: ['model', 'loss', 'train'],
    model: ['train'],
    loss: ['train'],
    train: [],
  };

  it.each(groups)('calls no cell ready that needs %s, and every other', (group) => {
    const cell = `\`\`\`yaml ${group}\n{}\n\`\`\`\n`;
    const doc = new NotebookDoc(cell, [broken[group]]);
    expect(doc.config).toBeNull();
    expect(doc.broken).toEqual([group]);
    const words = groups.map((other) => {
      const facts = { errors: Number(doc.broken.includes(other)), waitsFor: obstacleOf(other, doc.broken) };
      return [other, notebookCellState(facts).word];
    });
    const expected = groups.map((other) => [
      other,
      other === group ? '1 problem' : (waiting[group] as string[]).includes(other) ? `waits for ${group}` : 'ready',
    ]);
    expect(words).toEqual(expected);
  });

  it.each(groups)('summarises %s no longer, and of the others all but the losses of its tasks', (group) => {
    const doc = new NotebookDoc('', [broken[group]]);
    const silent = groups.filter((other) => summariseCell(other, doc.groups) === null);
    expect(silent).toEqual(group === 'targets' ? ['targets', 'loss'] : [group]);
  });
});

it('a data cell says where its splits begin: by shares, or at instants', () => {
  const words = (override: string) => summariseCell('data', compileConfig({ overrides: [override] }).groups);
  expect(words('data.split={train: 0.6, validation: 0.2, test: 0.2}')).toBe('synthetic market · 60 / 20 / 20');
  expect(words('data.split={validation_from: 2021-06-01, test_from: 2022-01-01}')).toBe(
    'synthetic market · validation from 2021-06-01, test from 2022-01-01',
  );
});
