import { type Group, groups } from '#core/config/config.ts';
import type { Block } from '#core/notebook/notebook.ts';
import { type BrowserStorage, findStorage, keep, readKept } from '#lib/ui/browser-storage.ts';

/** A block as it is pasted: the cell of a kind with its YAML, or text. */
interface CopiedBlock {
  /** Exactly as it stood in its file. */
  readonly raw: string;
  /** null for text. */
  readonly cell: { readonly kind: Group; readonly text: string } | null;
}

const key = 'copied-block';

/** Remembers a block for this page and the others of the browser: one is copied from a run and pasted into a notebook. */
export function copyBlock(block: Block, storage: BrowserStorage | null = findStorage()): void {
  const cell = block.type === 'cell' ? { kind: block.kind, text: block.text } : {};
  keep(storage, key, { raw: block.raw, ...cell });
}

/** The block that was copied last; null where there is none. */
export function findCopied(storage: BrowserStorage | null = findStorage()): CopiedBlock | null {
  const { raw, kind, text } = readKept(storage, key);
  if (typeof raw !== 'string') return null;
  const group = groups.find((name) => name === kind);
  return { raw, cell: group !== undefined && typeof text === 'string' ? { kind: group, text } : null };
}
