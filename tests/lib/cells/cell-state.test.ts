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

const idle = { state: 'idle' } as const;
const reading = { version: 1, step: 'features', why: 'as in R3', seconds: 0.8, saved: 0 } as const;
const quick = { activity: idle, reading: null, cost: 0.4, runsItself: true } as const;

describe('state of a cell that runs by itself', () => {
  const state = (live: Partial<NonNullable<Parameters<typeof notebookCellState>[0]['live']>>) =>
    notebookCellState({ errors: 0, live: { validity: { state: 'never' }, ...quick, ...live } });

  it('says in words whether it is what the page says, and what it does', () => {
    expect(state({})).toMatchObject({ word: 'never run', activity: 'idle' });
    expect(state({ validity: { state: 'fresh' } })).toMatchObject({ word: 'fresh', tone: 'good' });
    expect(state({ validity: { state: 'failed', reason: 'no such column' } })).toMatchObject({
      word: 'failed',
      line: 'no such column',
    });
    expect(state({ validity: { state: 'missing', cell: 'features', why: 'has a problem' } })).toMatchObject({
      word: 'not computed',
      line: 'features has a problem',
    });
    expect(state({ activity: { state: 'queued' } }).activity).toBe('queued');
    expect(state({ activity: { state: 'running', share: 0.417, doing: 'reading' } })).toMatchObject({
      activity: 'running 41 %',
      line: 'reading',
    });
  });

  it('says why it is stale, and whether it waits to be run', () => {
    const validity = { state: 'stale', reason: 'targets.horizon 12 → 24' } as const;
    expect(state({ validity }).line).toBe('targets.horizon 12 → 24');
    expect(state({ validity, cost: 3.4, runsItself: false }).line).toBe(
      'targets.horizon 12 → 24 · it took 3.4 s, so it waits for Ctrl+Enter',
    );
    expect(state({ validity, cost: null, runsItself: false }).line).toBe(
      'targets.horizon 12 → 24 · Ctrl+Enter runs it',
    );
  });

  it('says where what it came to is from, and what that took or spared', () => {
    const validity = { state: 'fresh' } as const;
    expect(state({ validity, reading: { ...reading, from: 'computed', why: 'the file changed' } }).line).toBe(
      'computed in 800 ms: the file changed',
    );
    expect(state({ validity, reading: { ...reading, from: 'cache', saved: 2.1 } }).line).toBe(
      'from the cache, 2.1 s saved: as in R3',
    );
  });

  it('says a problem before it says anything else', () => {
    const live = { validity: { state: 'fresh' }, ...quick } as const;
    expect(notebookCellState({ errors: 2, live }).word).toBe('2 problems');
    expect(notebookCellState({ errors: 0, trouble: 'too short', live }).word).toBe('would fail');
  });
});

describe('state of the train cell', () => {
  const ran = config();
  const now = cellStaleness(config(['targets.horizon=24']), ran);

  it('is that of the last finished run, and never run where there is none', () => {
    expect(notebookCellState({ errors: 0 })).toMatchObject({ word: 'never run', activity: 'idle' });
    const same = cellStaleness(ran, ran).train;
    expect(notebookCellState({ errors: 0, compared: { run: 'R3', staleness: same } })).toMatchObject({
      word: 'fresh',
      line: 'as in R3',
    });
    expect(notebookCellState({ errors: 0, compared: { run: 'R3', staleness: now.train } })).toMatchObject({
      word: 'stale',
      tone: 'changed',
      line: 'against R3: needs targets: targets.horizon 12 → 24',
    });
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

  it.each(groups)('computes no cell that needs %s, and every other', (group) => {
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
      other === group ? '1 problem' : (waiting[group] as string[]).includes(other) ? 'not computed' : 'never run',
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
