import { createContext, tick } from 'svelte';
import type { Group } from '#core/config/config.ts';
import { insertCell, insertProse } from '#core/notebook/edit.ts';
import { keepLineEnds } from '#core/notebook/lines.ts';
import type { Block } from '#core/notebook/notebook.ts';
import { isSeen, moveBlock, proseIndex, removeBlock } from './arrange.ts';
import type { NotebookDoc } from './notebook-doc.svelte.ts';

const secondPressWithin = 900;

/** One block of the page; `fresh` = prose that is being begun and is not in the file yet. */
export interface Place {
  readonly key: string;
  readonly index: number;
  readonly block: Block;
  readonly fresh: boolean;
}

/** Adds, removes and moves the blocks of a notebook, and knows which prose is being written. Every change is undoable. */
export class Arranger {
  readonly #doc: NotebookDoc;
  readonly #say: (text: string) => void;
  #editing = $state<{ readonly index: number; readonly fresh: boolean } | null>(null);
  #pressedAt = 0;
  #pressedOn = -1;

  /** @param say Tells the person what was done, with a way back. */
  constructor(doc: NotebookDoc, say: (text: string) => void = () => undefined) {
    this.#doc = doc;
    this.#say = say;
  }

  /** What stands on the page, in order. */
  readonly places: readonly Place[] = $derived.by(() => {
    const { blocks } = this.#doc.notebook;
    const places: Omit<Place, 'key'>[] = [];
    const editing = this.#editing;
    const empty = { type: 'prose', raw: '', start: 0, span: { line: 1, column: 1, endLine: 1, endColumn: 1 } } as const;
    for (let index = 0; index <= blocks.length; index++) {
      const isHere = editing?.index === index;
      if (isHere && editing.fresh) places.push({ index, block: empty, fresh: true });
      const block = blocks[index];
      if (block && (isSeen(block) || (isHere && !editing.fresh))) places.push({ index, block, fresh: false });
    }
    return places.map((place, position) => ({
      ...place,
      key: place.block.type === 'cell' && place.block.counts ? place.block.kind : `${place.block.type} ${position}`,
    }));
  });

  isEditing({ index, fresh }: Place): boolean {
    return this.#editing?.index === index && this.#editing.fresh === fresh;
  }

  edit(index: number): void {
    this.#editing = { index, fresh: false };
  }
  leave(): void {
    this.#editing = null;
  }

  /** Begins prose before block `at`; where prose stands on that side already, that is opened. */
  write(at: number): void {
    const { blocks } = this.#doc.notebook;
    for (const near of [at, at - 1]) {
      const block = blocks[near];
      if (block?.type === 'prose' && isSeen(block)) return this.edit(near);
    }
    this.#editing = { index: proseIndex(blocks, at), fresh: true };
  }
  writeAbove(at: number): void {
    this.write(at);
  }
  writeBelow(at: number): void {
    this.write(at + 1);
  }

  /** Takes over the words of a piece of prose while they are typed. */
  setWords({ index, block, fresh }: Place, words: string): void {
    if (block.type !== 'prose') return;
    if (!fresh) {
      // Of white space alone the first line end stands before the words and the rest after them.
      const edges = isSeen(block) ? /^(\s*)[\s\S]*?(\s*)$/ : /^(\r?\n|)(\s*)$/;
      const [, lead = '', trail = ''] = edges.exec(block.raw) ?? [];
      const raw = keepLineEnds(block.raw, lead + words.trim() + (trail || '\n'));
      this.#doc.setProse(block, raw);
      return;
    }
    if (words.trim() === '') return;
    this.#doc.setText(insertProse(this.#doc.text, index, words.trim()), `begin ${index}`);
    this.#editing = { index, fresh: false };
  }

  /** Takes a block out; what it was comes back with undo. */
  remove(at: number): void {
    const block = this.#doc.notebook.blocks[at];
    if (!block) return;
    this.#editing = null;
    this.#doc.setText(removeBlock(this.#doc.text, at));
    const isCell = block.type === 'cell' && block.counts;
    this.#say(isCell ? `The ${block.kind} cell is gone, so its defaults hold` : 'The text is gone');
    const places = this.places.findIndex(({ index }) => index >= at);
    focusPlace(places < 0 ? this.places.length - 1 : places);
  }

  /** The first press on a block arms, a second soon after removes it: Jupyter's d d. */
  pressRemove(at: number, now = Date.now()): void {
    const isSecond = this.#pressedOn === at && now - this.#pressedAt < secondPressWithin;
    this.#pressedOn = isSecond ? -1 : at;
    this.#pressedAt = now;
    if (isSecond) this.remove(at);
  }

  canMove(at: number, by: number): boolean {
    const position = this.places.findIndex(({ index }) => index === at);
    return position >= 0 && this.places[position + by] !== undefined;
  }

  /** Moves a block past its neighbour; it keeps the focus. */
  move(at: number, by: number): void {
    const position = this.places.findIndex(({ index }) => index === at);
    const moved = moveBlock(this.#doc.text, at, by);
    if (moved.text === this.#doc.text) return;
    this.#editing = null;
    this.#doc.setText(moved.text);
    focusPlace(Math.min(position + by, this.places.length - 1));
  }

  /** Puts a cell that lives by its defaults into the file, in its usual place. */
  addCell(group: Group): void {
    this.#doc.setText(insertCell(this.#doc.text, group));
    void tick().then(() => document.querySelector<HTMLElement>(`[data-cell="${group}"]`)?.focus());
  }
}

export const [getArranger, setArranger] = createContext<Arranger>();

function focusPlace(position: number): void {
  void tick().then(() => {
    const cell = document.querySelectorAll<HTMLElement>('[data-block]')[position];
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest' });
  });
}
