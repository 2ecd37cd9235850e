import { AppError } from './error.ts';

/** Why bytes are no text, and where the first that is none stands; line and column count from 1. */
interface Utf8Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const next = 'save it as UTF-8 and try again; nothing was changed';

/**
 * Reads bytes as UTF-8, a byte order mark included. Never puts a replacement in the place of what it cannot read: text
 * that was read is the same bytes when it is written again.
 */
export function parseUtf8(
  bytes: Uint8Array,
): { readonly text: string; readonly fault: null } | { readonly text: null; readonly fault: Utf8Fault } {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return refuse('', 'expected UTF-8 text, received UTF-16');
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const zero = text.indexOf('\0');
  if (zero >= 0)
    return refuse(text.slice(0, zero), `expected UTF-8 text, received a zero byte (byte ${zero}), as in UTF-16`);
  const offset = findInvalid(bytes, text);
  if (offset === null) return { text, fault: null };
  const byte = `0x${bytes[offset].toString(16).toUpperCase()}`;
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, offset));
  return refuse(before, `expected UTF-8 text, received ${byte} (byte ${offset}), as in Latin-1 or Windows-1252`);
}

/** As parseUtf8. @throws AppError invalid_notebook naming line and column. */
export function requireUtf8(bytes: Uint8Array): string {
  const { text, fault } = parseUtf8(bytes);
  if (fault === null) return text;
  const { line, column, message } = fault;
  const issues = [{ path: '', message, line, column }];
  throw new AppError('invalid_notebook', `line ${line}: ${message}`, { issues });
}

/** Offset of the first byte that is no UTF-8: of the first replacement character that the bytes themselves do not hold. */
function findInvalid(bytes: Uint8Array, text: string): number | null {
  const encoder = new TextEncoder();
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += encoder.encode(text.slice(from, at)).length;
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
  return null;
}

function refuse(before: string, what: string): { readonly text: null; readonly fault: Utf8Fault } {
  const lines = before.split('\n');
  const message = `${what}; ${next}`;
  return { text: null, fault: { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, message } };
}
