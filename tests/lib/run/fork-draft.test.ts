import { describe, expect, it } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { DraftStore } from '#lib/document/draft-store.ts';
import { ForkDraft } from '#lib/run/fork-draft.svelte.ts';
import { runDetail } from '#tests/support/run-summary.ts';

const source = '```yaml train\nepochs: 10 # short\n```\n';

const run = () =>
  runDetail({ config: toFile(requireConfig({ cells: cellValues(parseNotebook(source)) }).config), source, lastSeq: 9 });

type DraftStorage = NonNullable<ConstructorParameters<typeof DraftStore>[1]>;

function memory(): DraftStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

describe('ForkDraft', () => {
  it('opens with the first edit, names the changed keys, and asks for a child', () => {
    const draft = new ForkDraft(run(), new DraftStore('r', memory()));
    expect(draft.isOpen).toBe(false);
    draft.doc.assign(['train', 'epochs'], 4);
    draft.doc.assign(['train', 'seed'], 2);
    expect(draft.changed).toEqual({ 'train.epochs': [10, 4], 'train.seed': [1, 2] });
    expect(draft.changedIn('train')).toEqual(['train.epochs', 'train.seed']);
    expect(draft.changedIn('model')).toEqual([]);
    expect(draft.request()).toEqual({ source: draft.doc.text });
  });

  it('takes single keys back, one that the run did not name by leaving it out again', () => {
    const draft = new ForkDraft(run(), new DraftStore('r', memory()));
    draft.doc.assign(['train', 'epochs'], 4);
    draft.doc.assign(['train', 'seed'], 2);
    draft.undoKey('train.seed');
    draft.undoKey('train.epochs');
    expect(draft.doc.text).toBe(source);
    expect(draft.isOpen).toBe(false);
  });

  it('asks for the same again without a draft, and for the weights of a checkpoint when told', () => {
    const store = new DraftStore('r', memory());
    const draft = new ForkDraft(run(), store);
    expect(draft.request()).toEqual({});
    draft.startFrom('best');
    expect(draft.isOpen).toBe(true);
    expect(draft.request()).toEqual({ from: { checkpoint: 'best' } });
    const again = new ForkDraft(run(), store);
    expect(again.restore()).toBe(true);
    expect(again.from).toBe('best');
    again.discard();
    expect(again.isOpen).toBe(false);
    expect(new ForkDraft(run(), store).restore()).toBe(false);
  });

  it('survives leaving the page, and is gone once discarded', () => {
    const store = new DraftStore('r', memory());
    new ForkDraft(run(), store).doc.assign(['train', 'epochs'], 4);
    const again = new ForkDraft(run(), store);
    expect(again.restore()).toBe(true);
    expect(again.changed).toEqual({ 'train.epochs': [10, 4] });
    again.discard();
    expect(new ForkDraft(run(), store).restore()).toBe(false);
  });
});
