import { expect, test } from 'vitest';
import { findFileNameFault, findGivenNameFault, toGivenName } from '#core/given-name.ts';

/** Names that nobody may give to anything, and what the refusal says of each. */
const bad: readonly (readonly [string, string])[] = [
  ['', 'is empty'],
  [' ', 'nothing that can be seen'],
  ['\u00a0\u3000\u2003', 'nothing that can be seen'],
  ['\u200b\u200d\u2060', 'nothing that can be seen'],
  ['\u3164\u2800\ufeff', 'nothing that can be seen'],
  ['a\u0000', 'control character, U+0000'],
  ['a\nb', 'control character, U+000A'],
  ['a\u009bb', 'control character, U+009B'],
  ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'].map(
    (mark) => [`a${mark}b`, 'turns the direction of text, U+'] as const,
  ),
  [' a', 'begins with a blank'],
  ['a\u3000', 'ends with a blank'],
  ['a\ud800', 'half a character'],
];

test.each(bad)('no name is %j', (name, why) => {
  expect(findGivenNameFault(name)).toContain(why);
  expect(findFileNameFault(name)).toContain(why);
});

test.each(['a', 'Try 2 …', 'Größe (neu).', '.5 dropout', 'שלום', '👩‍👩‍👧', 'con', 'a\u200db'])(
  'a run or tag may be called %j',
  (name) => {
    expect(findGivenNameFault(name)).toBeNull();
    expect(toGivenName(name)).toBe(name);
  },
);

test.each([
  ['.a', 'begins with a dot'],
  ['a.', 'ends with a dot'],
  ['a .csv', 'blank before a dot'],
  ['con', 'on Windows'],
  ['NUL.tar.csv', 'on Windows'],
  ['com1', 'on Windows'],
  ['LPT²', 'on Windows'],
  ['conin$', 'on Windows'],
])('no file is called %j', (name, why) => {
  expect(findFileNameFault(name)).toContain(why);
});

test.each(['a.csv', 'console.csv', 'com.csv', 'com10', 'a..b'])('a file may be called %j', (name) => {
  expect(findFileNameFault(name)).toBeNull();
});

test('a title becomes a name without what a name may not hold', () => {
  expect(toGivenName('  a\u0000b\n\u202ec ')).toBe('a b c');
  for (const [text] of bad) {
    const name = toGivenName(text);
    expect([text, name === '' ? null : findGivenNameFault(name)]).toEqual([text, null]);
  }
});
