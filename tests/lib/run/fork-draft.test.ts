import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { draftFile, noDraft } from '#lib/api/drafts.ts';
import type { Fetch } from '#lib/api/request.ts';
import { DraftStore } from '#lib/document/draft-store.ts';
import { ForkDraft } from '#lib/run/fork-draft.svelte.ts';
import { goneTag } from '#lib/api/gone-tag.ts';
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

/** The home as the page's server keeps a draft there. */
class Home {
  text = '';
  down = false;
  readonly #fetch: Fetch = async (_path, init) => {
    if (this.down) throw new TypeError('offline');
    const kept = () => ({ text: this.text, etag: this.text === '' ? goneTag : `"${this.text}"` });
    if (init?.method !== 'PUT') return Response.json(kept());
    if (new Headers(init.headers).get('if-match') !== kept().etag)
      return Response.json({ error: {}, current: kept() }, { status: 412 });
    this.text = String(init.body);
    return Response.json({ etag: kept().etag });
  };
  readonly file = draftFile(this.#fetch, 'r');

  /** The page of the run in a browser. */
  async open(storage = memory()): Promise<ForkDraft> {
    const kept = await this.file.read().catch(() => noDraft);
    const draft = new ForkDraft(run(), { file: this.file, kept, drafts: new DraftStore('r', storage) });
    draft.restore(new DraftStore('old', storage));
    return draft;
  }
}

let home: Home;
beforeEach(() => {
  vi.useFakeTimers();
  home = new Home();
});
afterEach(() => vi.useRealTimers());
const pause = () => vi.advanceTimersByTimeAsync(1000);

describe('ForkDraft', () => {
  it('opens with the first edit, names the changed keys, and asks for a child', async () => {
    const draft = await home.open();
    expect(draft.isOpen).toBe(false);
    draft.doc.assign(['train', 'epochs'], 4);
    draft.doc.assign(['train', 'seed'], 2);
    expect(draft.changed).toEqual({ 'train.epochs': [10, 4], 'train.seed': [1, 2] });
    expect(draft.changedIn('train')).toEqual(['train.epochs', 'train.seed']);
    expect(draft.changedIn('model')).toEqual([]);
    expect(draft.request()).toEqual({ source: draft.doc.text });
  });

  it('takes single keys back, one that the run did not name by leaving it out again', async () => {
    const draft = await home.open();
    draft.doc.assign(['train', 'epochs'], 4);
    draft.doc.assign(['train', 'seed'], 2);
    draft.undoKey('train.seed');
    draft.undoKey('train.epochs');
    expect(draft.doc.text).toBe(source);
    expect(draft.isOpen).toBe(false);
    await pause();
    expect(home.text).toBe('');
  });

  it('is there in another browser, with the checkpoint it starts from', async () => {
    const draft = await home.open();
    expect(draft.request()).toEqual({});
    draft.startFrom('best');
    draft.doc.assign(['train', 'epochs'], 4);
    await pause();
    const elsewhere = await home.open();
    expect(elsewhere.from).toBe('best');
    expect(elsewhere.changed).toEqual({ 'train.epochs': [10, 4] });
    elsewhere.doc.assign(['train', 'epochs'], 5);
    await pause();
    // Back on the first page, which has changed nothing since.
    expect(await draft.saver.look()).toBe('taken');
    expect(draft.changed).toEqual({ 'train.epochs': [10, 5] });
  });

  it('is told where two browsers change it at once, and nothing is lost until a person chooses', async () => {
    const [one, other] = [await home.open(), await home.open()];
    one.doc.assign(['train', 'epochs'], 4);
    await pause();
    other.doc.assign(['train', 'seed'], 7);
    await pause();
    expect(other.saver.state).toBe('conflict');
    expect(other.changed).toEqual({ 'train.seed': [1, 7] });
    expect(home.text).toContain('epochs: 4');
    await other.saver.resolve('theirs');
    expect(other.changed).toEqual({ 'train.epochs': [10, 4] });
    other.doc.undo();
    expect(other.changed).toEqual({ 'train.seed': [1, 7] });
    await pause();
    expect(home.text).toContain('seed: 7');
  });

  it('is gone everywhere once it has run or is thrown away', async () => {
    const draft = await home.open();
    draft.doc.assign(['train', 'epochs'], 4);
    await pause();
    const elsewhere = await home.open();
    await draft.clear();
    expect(home.text).toBe('');
    expect(await elsewhere.saver.look()).toBe('taken');
    expect(elsewhere.isOpen).toBe(false);
    elsewhere.doc.undo();
    expect(elsewhere.changed).toEqual({ 'train.epochs': [10, 4] });
    elsewhere.discard();
    await pause();
    expect(home.text).toBe('');
  });

  it('is kept in this browser while nobody answers', async () => {
    const storage = memory();
    const draft = await home.open(storage);
    home.down = true;
    draft.doc.assign(['train', 'epochs'], 4);
    await pause();
    expect(draft.saver.state).toBe('failed');
    draft.saver.dispose();
    home.down = false;
    const again = await home.open(storage);
    expect(again.changed).toEqual({ 'train.epochs': [10, 4] });
    await pause();
    expect(home.text).toContain('epochs: 4');
  });

  it('keeps whose bars the child is to have', async () => {
    const draft = await home.open();
    expect([draft.isOpen, draft.readsToday]).toEqual([false, false]);
    draft.readToday(true);
    expect([draft.isOpen, draft.request()]).toEqual([true, { bars: 'today' }]);
    await pause();
    expect((await home.open()).readsToday).toBe(true);
    draft.discard();
    expect([draft.isOpen, draft.request()]).toEqual([false, {}]);
  });

  it('takes up a draft that an older version kept in this browser alone', async () => {
    const storage = memory();
    new DraftStore('old', storage).write({ text: source.replace('10', '4'), etag: 'best' });
    const draft = await home.open(storage);
    expect(draft.request()).toEqual({ source: source.replace('10', '4'), from: { checkpoint: 'best' } });
    await pause();
    expect((await home.open()).from).toBe('best');
    expect(new DraftStore('old', storage).read()).toBeNull();
  });
});
