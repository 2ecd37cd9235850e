import { emptyLine, type Fence, type HtmlBlock, openContained, openFence } from './fences.ts';
import { declaredKind } from './info-string.ts';
import type { Line } from './lines.ts';

/** A cell that declares nothing where it stands: its line, from 0, and what to do about it. */
interface HiddenCell {
  readonly line: number;
  readonly message: string;
}

interface Blocks {
  readonly fences: readonly Fence[];
  readonly html: readonly HtmlBlock[];
}

/** Cells that HTML hides, and cells in a quotation or a list; those in a comment that ends are meant so. */
export function findHiddenCells(lines: readonly Line[], { fences, html }: Blocks, from: number): readonly HiddenCell[] {
  return [...html.flatMap((block) => inHtml(lines, block)), ...inContainers(lines, [...fences, ...html], from)];
}

/** The first cell of HTML that was never closed, or that only an empty line would end. */
function inHtml(lines: readonly Line[], { open, close, end }: HtmlBlock): readonly HiddenCell[] {
  const isClosed = close < lines.length;
  if (isClosed && end !== emptyLine) return [];
  const inside = lines.slice(open, close).findIndex(({ text }) => declaredKind(openFence(text)?.info ?? ''));
  if (inside < 0) return [];
  const [never, next] = end === emptyLine ? ['', `leave ${end} above it`] : [' and never ends', `end that with ${end}`];
  const message = `this cell lies inside the HTML that begins in line ${open + 1}${never}, and declares nothing; ${next}`;
  return [{ line: open + inside, message }];
}

function inContainers(
  lines: readonly Line[],
  blocks: readonly Pick<Fence, 'open' | 'close'>[],
  from: number,
): readonly HiddenCell[] {
  const ends = new Map(blocks.map(({ open, close }) => [open, close]));
  const found: HiddenCell[] = [];
  for (let line = from; line < lines.length; line++) {
    const kind = ends.has(line) ? undefined : declaredKind(openContained(lines[line].text)?.info ?? '');
    if (kind) {
      const message = `this ${kind} cell does not count: it stands in a quotation or a list; begin it at the start of its line`;
      found.push({ line, message });
    }
    line = ends.get(line) ?? line;
  }
  return found;
}
