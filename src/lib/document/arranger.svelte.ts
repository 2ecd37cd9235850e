import { createContext, tick } from 'svelte';
import type { Group } from '#core/config/config.ts';
import { insertCell, insertProse, setCellText } from '#core/notebook/edit.ts';
import { keepLineEnds } from '#core/notebook/lines.ts';
import { type Block, findCell } from '#core/notebook/notebook.ts';
import { cellToText, insertBlock, isSeen, moveBlock, proseIndex, removeBlock, textToCell } from './arrange.ts';
import { copyBlock, findCopied } from './copied-block.ts';
import type { NotebookDoc } from './notebook-doc.svelte.ts';

const secondPressWithin = 900;

/** One block of the page; `fresh` = prose that is being begun and is not in the file yet. */
export interface Place {
  readonly key: string;
  readonly index: number;
  readonly block: Block;
  readonly fresh: boolean;
}

interface Undo {
  readonly label: 'Undo';
  run(): void;
}

/** Adds, removes and moves the blocks of a notebook, and knows which prose is being written. Every change is undoable. */
export class Arranger {
  readonly #doc: NotebookDoc;
  readonly #say: (text: string, undo?: Undo) => void;
  #editing = $state<{ readonly index: number; readonly fresh: boolean } | null>(null);
  #pressedAt = 0;
  #pressedOn = -1;

  /** @param say Tells the person what was done, with a way back where something was. */
  constructor(doc: NotebookDoc, say: (text: string, undo?: Undo) => void = () => undefined) {
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
    this.#sayDone(isCell ? `The ${block.kind} cell is gone, so its defaults hold` : 'The text is gone');
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

  /** Remembers a block, for this page and others. */
  copy(at: number): void {
    const block = this.#doc.notebook.blocks[at];
    if (!block) return;
    copyBlock(block);
    this.#say(
      block.type === 'cell' ? `The ${block.kind} cell is copied; v pastes it` : 'The text is copied; v pastes it',
    );
  }
  cut(at: number): void {
    const block = this.#doc.notebook.blocks[at];
    if (block) copyBlock(block);
    this.remove(at);
  }

  /**
   * Puts what was copied before block `at`. A kind of cell is declared once: where one stands, its YAML gives way to that
   * of the copied.
   */
  paste(at: number): void {
    const copied = findCopied();
    if (copied === null) return this.#say('Nothing was copied yet: select a cell or text and press c');
    const { raw, cell } = copied;
    const mine = cell && findCell(this.#doc.notebook, cell.kind);
    if (cell && mine) {
      const written = setCellText(this.#doc.text, cell.kind, cell.text);
      if (written === this.#doc.text) return this.#say(`The ${cell.kind} cell says what was copied already`);
      this.#doc.setText(written);
      this.#focus(this.#doc.notebook.blocks.findIndex((block) => block.type === 'cell' && block.kind === cell.kind));
      return this.#sayDone(`The ${cell.kind} cell says what was copied now: a notebook has one of each kind`);
    }
    const pasted = insertBlock(this.#doc.text, at, raw);
    if (pasted === null) return this.#say('Not pasted: here it would swallow a cell, for its code is never closed');
    this.#editing = null;
    this.#doc.setText(pasted.text);
    this.#focus(pasted.at);
  }

  /** Sets a cell aside: it stays to be read, and its defaults hold. */
  turnIntoText(at: number): void {
    const cell = this.#doc.notebook.blocks[at];
    if (cell?.type !== 'cell') return;
    const written = cellToText(this.#doc.text, at);
    if (written === null) return this.#say(`The ${cell.kind} cell is not closed; end it first`);
    this.#editing = null;
    this.#doc.setText(written);
    this.#focus(this.#doc.notebook.blocks.findIndex((block) => block.start + block.raw.length > cell.start));
    const then = cell.counts ? ', so its defaults hold; y makes it a cell again' : '';
    this.#sayDone(`The ${cell.kind} cell is text${then}`);
  }
  /** The way back, for the first cell that text was made of in a block of it. */
  turnIntoCell(at: number): void {
    if (this.#doc.notebook.blocks[at]?.type !== 'prose') return;
    const turned = textToCell(this.#doc.text, at);
    if (turned === null)
      return this.#say('No cell was made this text; text with the YAML of one says ```yaml cell=model');
    const { text, kind } = turned;
    if (findCell(this.#doc.notebook, kind)) {
      return this.#say(`There is a ${kind} cell already, and only the first would count: remove that one first`);
    }
    this.#editing = null;
    this.#doc.setText(text);
    this.#focus(this.#doc.notebook.blocks.findIndex((block) => block.type === 'cell' && block.kind === kind));
    this.#sayDone(`The ${kind} cell counts again`);
  }

  /** Says what was changed, with the way back. */
  #sayDone(text: string): void {
    this.#say(text, { label: 'Undo', run: () => this.#doc.undo() });
  }

  /** Selects a block once the page shows it. */
  #focus(at: number): void {
    focusPlace(this.places.findIndex(({ index }) => index === at));
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
