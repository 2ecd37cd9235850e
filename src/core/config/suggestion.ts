/** Levenshtein distance with transpositions of neighbours counted as one edit (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}

/** The candidate that was probably meant: the first that `nearest` gives. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return nearest(word, candidates, 1)[0];
}

/**
 * The candidates that were probably meant, the best first: at most a third of the word differs, one begins with the
 * other, or letters were left out. Capitals, -, _ and spaces count for nothing.
 */
export function nearest(word: string, candidates: readonly string[], most: number): readonly string[] {
  if (word.length > 128) return [];
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  const wanted = plain(word);
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const ranked = candidates.flatMap((candidate) => {
    const text = plain(candidate);
    // What is longer or shorter by more than may differ need not be compared letter by letter.
    const distance = Math.abs(text.length - wanted.length) > allowed ? Infinity : editDistance(wanted, text);
    if (distance <= allowed) return [{ candidate, distance }];
    const isPart =
      wanted.length >= 3 &&
      text !== '' &&
      (text.startsWith(wanted) || wanted.startsWith(text) || isShortened(wanted, text));
    return isPart ? [{ candidate, distance: Infinity }] : [];
  });
  return ranked
    .sort((a, b) => (a.distance === b.distance ? 0 : a.distance - b.distance))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Whether a word is another without some of its letters, not without its first nor without most: nts, notes. */
function isShortened(word: string, whole: string): boolean {
  if (word[0] !== whole[0] || whole.length > 2 * word.length) return false;
  let at = 0;
  for (const letter of whole) if (letter === word[at]) at++;
  return at === word.length;
}

/** " Did you mean a or b?" behind a sentence, empty where nothing is near. */
export function didYouMean(candidates: readonly string[]): string {
  return candidates.length === 0 ? '' : ` Did you mean ${candidates.join(' or ')}?`;
}
