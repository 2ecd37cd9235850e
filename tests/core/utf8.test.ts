import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUtf8, requireUtf8 } from '#core/utf8.ts';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string) => Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0), 0]));

test('text in UTF-8 is read as it is, byte order mark and line ends included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('\0') && text.isWellFormed());
      expect(parseUtf8(new TextEncoder().encode(text)).text).toBe(text);
    }),
  );
  expect(requireUtf8(new TextEncoder().encode('\ufeffa\r\n\ufffd'))).toBe('\ufeffa\r\n\ufffd');
});

test.each<[string, Uint8Array, number, number, string]>([
  ['Latin-1', latin1('a\nb caf\xe9\n'), 2, 6, '0xE9 (byte 7), as in Latin-1'],
  [
    'Latin-1 behind a real replacement character',
    new Uint8Array([0xef, 0xbf, 0xbd, 0x0a, 0xe9]),
    2,
    1,
    '0xE9 (byte 4)',
  ],
  ['a character cut off', new Uint8Array([0x61, 0xc3]), 1, 2, '0xC3 (byte 1)'],
  ['half a surrogate pair', new Uint8Array([0xed, 0xa0, 0x80]), 1, 1, '0xED (byte 0)'],
  ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, ...utf16('a\nb')]), 1, 1, 'received UTF-16'],
  ['UTF-16 without', utf16('ab'), 1, 2, 'a zero byte (byte 1), as in UTF-16'],
])('%s is refused with line and column, and never read as something else', (_name, bytes, line, column, words) => {
  const { text, fault } = parseUtf8(bytes);
  expect(text).toBeNull();
  expect(fault).toMatchObject({ line, column, message: expect.stringContaining(words) });
  expect(fault?.message).toContain('save it as UTF-8');
  expect(() => requireUtf8(bytes)).toThrow(`line ${line}: expected UTF-8 text`);
});

test('of any bytes either the same bytes come back or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const { text, fault } = parseUtf8(bytes);
      if (fault === null) expect(new TextEncoder().encode(text)).toEqual(bytes);
      else expect(Math.min(fault.line, fault.column)).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 2000 },
  );
});
