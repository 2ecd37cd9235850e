import type { Block } from '#core/notebook/notebook.ts';
import type { Arranger } from '#lib/document/arranger.svelte.ts';
import { findCopied } from '#lib/document/copied-block.ts';
import { gapAt } from '#lib/document/gap.ts';
import type { BlockActions } from '#lib/notebook/block-keys.ts';
import { notices } from '#lib/ui/notices.svelte.ts';
import type { RunWords } from './run-words.svelte.ts';

interface RunBlocks {
  readonly arranger: Arranger;
  readonly words: RunWords;
  blocks(): readonly Block[];
  /** Whether text is added to the run itself; else it is the draft's. */
  addsWords(): boolean;
}

/** What is done to the blocks of a run: what changes a cell begins a draft of a fork, and text needs none. */
export function runBlocks({
  arranger,
  words,
  blocks,
  addsWords,
}: RunBlocks): BlockActions & { write(at: number): void } {
  function write(at: number) {
    if (addsWords()) words.writingAt = gapAt(blocks(), at);
    else arranger.write(at);
  }
  function paste(at: number) {
    const copied = findCopied();
    if (copied === null || copied.cell !== null || !addsWords()) arranger.paste(at);
    else void words.add(gapAt(blocks(), at), copied.raw).catch((error: unknown) => notices.fail(error));
  }
  return {
    write,
    writeAbove: write,
    writeBelow: (at) => write(at + 1),
    copy: (at) => arranger.copy(at),
    cut: (at) => arranger.cut(at),
    paste,
    turnIntoText: (at) => arranger.turnIntoText(at),
    turnIntoCell: (at) => arranger.turnIntoCell(at),
    remove: (at) => arranger.remove(at),
    pressRemove: (at) => arranger.pressRemove(at),
    move: (at, by) => arranger.move(at, by),
  };
}
