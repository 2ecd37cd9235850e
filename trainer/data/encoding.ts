import { isKnownColumn } from '#core/quotes/columns.ts';

/** Encodings of text that are neither UTF-8 nor UTF-16, by the names that TextDecoder knows. */
const candidates = ['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp', 'windows-1251', 'windows-1250', 'windows-1253'];
const cell = /[^,;\t|"'\r\n]+/g;
const fewest = 2;

/**
 * The encoding in which the head of a file names at least two columns of bars by letters that are not ASCII, and no
 * other encoding as many; undefined where the head is UTF-8 or none is certain.
 */
export function findEncoding(head: Uint8Array): string | undefined {
  const end = head.lastIndexOf(10) + 1;
  const lines = end > 0 ? head.subarray(0, end) : head;
  if (decode(lines, 'utf-8') !== undefined) return undefined;
  const usual = namesIn(lines, 'windows-1252');
  const found = candidates
    .map((encoding) => ({ encoding, names: namesIn(lines, encoding) }))
    .filter(({ names }) => names >= fewest && names > usual)
    .sort((a, b) => b.names - a.names);
  return found.length > 0 && found[0].names > (found[1]?.names ?? 0) ? found[0].encoding : undefined;
}

function namesIn(bytes: Uint8Array, encoding: string): number {
  const names = decode(bytes, encoding)?.slice(0, 1000).match(cell) ?? [];
  return new Set(names.filter((name) => /[^ -~]/.test(name) && isKnownColumn(name.trim()))).size;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
