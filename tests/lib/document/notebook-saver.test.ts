import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readNotebook } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { DraftStore } from '#lib/document/draft-store.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';
import { NotebookSaver } from '#lib/document/notebook-saver.svelte.ts';

type DraftStorage = NonNullable<ConstructorParameters<typeof DraftStore>[1]>;

class MemoryStorage implements DraftStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

/** A notebook's file behind the endpoint's rules: If-Match must name what is there. */
class FakeFile {
  text = 'first\n';
  down = false;
  gone = false;
  full = false;
  writes: string[] = [];
  readonly copies: [string, string][] = [];
  get etag() {
    return `"${this.text.length}:${this.text}"`.replaceAll('\n', '|');
  }
  readonly fetch: Fetch = async (_path, init) => {
    if (this.down) throw new TypeError('offline');
    if (init?.method === 'POST') {
      const { title, text } = JSON.parse(String(init.body)) as { title: string; text: string };
      this.copies.push([title, text]);
      return this.full ? Response.json({ error: {} }, { status: 507 }) : Response.json({ slug: 'x-mine' });
    }
    if (init?.method !== 'PUT') {
      if (this.gone) return Response.json({ error: { code: 'notebook_not_found', message: 'gone' } }, { status: 404 });
      return new Response(this.text, { headers: { etag: this.etag } });
    }
    const headers = new Headers(init?.headers);
    if (headers.get('if-match') !== this.etag) {
      return Response.json({ error: {}, current: { text: this.text, etag: this.etag } }, { status: 412 });
    }
    this.text = String(init?.body);
    this.writes.push(this.text);
    return Response.json({ etag: this.etag });
  };
}

let file: FakeFile;
let storage: MemoryStorage;
let doc: NotebookDoc;
let saver: NotebookSaver;

function open() {
  doc = new NotebookDoc(file.text);
  saver = new NotebookSaver('x', { text: file.text, etag: file.etag }, doc, new DraftStore('x', storage), file.fetch);
}

beforeEach(() => {
  vi.useFakeTimers();
  file = new FakeFile();
  storage = new MemoryStorage();
  open();
  return () => vi.useRealTimers();
});

describe('NotebookSaver', () => {
  it('saves after a pause in typing, once', async () => {
    doc.setText('first\na\n');
    doc.setText('first\nab\n');
    expect(saver.state).toBe('unsaved');
    await vi.runAllTimersAsync();
    expect(file.writes).toEqual(['first\nab\n']);
    expect(saver.state).toBe('saved');
    expect(storage.items.size).toBe(0);
  });

  it('keeps unsaved text in the browser while the server is down, and saves it when it is back', async () => {
    file.down = true;
    doc.setText('second\n');
    await vi.advanceTimersByTimeAsync(1000);
    expect(saver.state).toBe('failed');
    expect([...storage.items.values()].join()).toContain('second');
    file.down = false;
    await vi.advanceTimersByTimeAsync(6000);
    expect(saver.state).toBe('saved');
    expect(file.text).toBe('second\n');
  });

  it('gives a crashed page its text back', () => {
    file.down = true;
    doc.setText('typed before the crash\n');
    saver.dispose();
    open();
    expect(saver.restore()).toBe(true);
    expect(doc.text).toBe('typed before the crash\n');
    doc.undo();
    expect(doc.text).toBe('first\n');
  });

  it('never overwrites what someone else saved, and lets the person choose', async () => {
    file.text = 'theirs\n';
    doc.setText('mine\n');
    await vi.advanceTimersByTimeAsync(1000);
    expect(saver.state).toBe('conflict');
    expect(saver.theirs?.text).toBe('theirs\n');
    expect(file.text).toBe('theirs\n');
    doc.setText('mine, more\n');
    await vi.advanceTimersByTimeAsync(5000);
    expect(file.text).toBe('theirs\n');
    await saver.resolve('mine');
    expect(saver.state).toBe('saved');
    expect(file.text).toBe('mine, more\n');
  });

  it('keeps both: mine becomes a notebook, the page shows the file', async () => {
    file.text = 'theirs\n';
    doc.setText('mine\n');
    await vi.advanceTimersByTimeAsync(1000);
    expect(saver.state).toBe('conflict');
    file.full = true;
    await expect(saver.keepBoth()).rejects.toThrow();
    expect([saver.state, doc.text]).toEqual(['conflict', 'mine\n']);
    file.full = false;
    expect(await saver.keepBoth()).toBe('x-mine');
    expect(file.copies.at(-1)).toEqual(['x (mine)', 'mine\n']);
    expect([saver.state, doc.text, file.text]).toEqual(['saved', 'theirs\n', 'theirs\n']);
  });

  it('takes the other text with mine one undo away', async () => {
    file.text = 'theirs\n';
    doc.setText('mine\n');
    await vi.advanceTimersByTimeAsync(1000);
    await saver.resolve('theirs');
    expect(doc.text).toBe('theirs\n');
    expect(saver.state).toBe('saved');
    doc.undo();
    expect(doc.text).toBe('mine\n');
  });

  it('turns a draft of an older file into a conflict instead of a save', () => {
    file.down = true;
    doc.setText('mine\n');
    saver.dispose();
    file.text = 'theirs\n';
    open();
    expect(saver.restore()).toBe(true);
    expect(saver.state).toBe('conflict');
    expect(doc.text).toBe('mine\n');
    expect(saver.theirs?.text).toBe('theirs\n');
  });

  it('takes a text that was changed on disk where the page has no changes, one undo away', async () => {
    expect(await saver.look()).toBe('same');
    file.text = 'from an editor\n';
    expect(await saver.look()).toBe('taken');
    expect([doc.text, saver.state]).toEqual(['from an editor\n', 'saved']);
    await vi.runAllTimersAsync();
    expect([file.writes, storage.items.size]).toEqual([[], 0]);
    // The next edit is made on the new file, and undo brings the old text back as an edit of its own.
    doc.undo();
    await vi.runAllTimersAsync();
    expect([doc.text, file.text, saver.state]).toEqual(['first\n', 'first\n', 'saved']);
  });

  it('makes a conflict of a text that was changed on disk under changes of the page', async () => {
    doc.setText('mine\n');
    file.text = 'theirs\n';
    expect(await saver.look()).toBe('conflict');
    expect([doc.text, saver.theirs?.text]).toEqual(['mine\n', 'theirs\n']);
    await vi.runAllTimersAsync();
    expect(file.text).toBe('theirs\n');
    expect(await saver.look()).toBe('conflict');
    await saver.resolve('mine');
    expect([file.text, await saver.look()]).toEqual(['mine\n', 'same']);
  });

  it('says nothing where both became the same, where nobody answers, or where its own save came between', async () => {
    doc.setText('both\n');
    file.text = 'both\n';
    expect(await saver.look()).toBe('same');
    expect(saver.state).toBe('saved');
    file.down = true;
    expect(await saver.look()).toBe('same');
    file.down = false;
    const old = { text: file.text, etag: file.etag };
    const late = new NotebookSaver('x', old, doc, new DraftStore('x', storage), async (path, init) => {
      const answer = await file.fetch(path, init);
      if (init?.method !== 'PUT') {
        doc.setText('mine\n');
        await late.save();
      }
      return answer;
    });
    expect(await late.look()).toBe('same');
    expect([doc.text, file.text]).toEqual(['mine\n', 'mine\n']);
  });

  it('notices that the file is gone, and keeps the text', async () => {
    file.gone = true;
    expect(await saver.look()).toBe('conflict');
    expect([saver.theirs, doc.text]).toEqual([null, 'first\n']);
  });

  it('keeps a byte order mark, which the browser would drop', async () => {
    const marked = '\ufefffirst\n';
    expect((await readNotebook(async () => new Response(marked), 'x')).text).toBe(marked);
  });
});
