const footnoteUse = /\[\^([^\]\s]+)\](?!:)/g;
const footnoteDefinition = /^ {0,3}\[\^([^\]\s]+)\]:.*(?:\n(?: {4}|\t).*|\n(?=\n(?: {4}|\t)))*/gm;
const linkDefinition = /^ {0,3}\[(?!\^)([^\]]+)\]:[ \t]*\S.*$/gm;

/** A piece of prose with what other pieces of the same notebook say for it. */
export interface CompletedProse {
  readonly text: string;
  /** Footnotes that stand before it in the notebook. */
  readonly footnotesBefore: number;
}

/**
 * Cells part the prose of a notebook into pieces, and each is rendered by itself: footnotes and addresses of links that are
 * defined in another piece, as at the end of the file, are put to the piece that uses them. Footnotes count through.
 *
 * @param pieces all prose of a notebook, in its order
 */
export function completeProse(pieces: readonly string[]): readonly CompletedProse[] {
  const notes = definitions(pieces, footnoteDefinition);
  const links = definitions(pieces, linkDefinition);
  let footnotesBefore = 0;
  return pieces.map((piece) => {
    const used = new Set(Array.from(piece.matchAll(footnoteUse), ([, label]) => label ?? ''));
    const [ownNotes, ownLinks] = [definitions([piece], footnoteDefinition), definitions([piece], linkDefinition)];
    const missing = [
      ...[...used].flatMap((label) => (ownNotes.has(label) ? [] : (notes.get(label) ?? []))),
      ...[...links].flatMap(([label, line]) =>
        !ownLinks.has(label) && piece.toLowerCase().includes(`[${label}]`) ? [line] : [],
      ),
    ];
    const completed = { text: missing.length === 0 ? piece : [piece, ...missing].join('\n\n'), footnotesBefore };
    footnotesBefore += [...used].filter((label) => notes.has(label)).length;
    return completed;
  });
}

/** Label → its definition as it was written; the first of a label counts. Labels of links know no capitals. */
function definitions(pieces: readonly string[], pattern: RegExp): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const piece of pieces)
    for (const [text, label = ''] of piece.matchAll(pattern)) {
      const key = pattern === linkDefinition ? label.toLowerCase() : label;
      if (!found.has(key)) found.set(key, text);
    }
  return found;
}
