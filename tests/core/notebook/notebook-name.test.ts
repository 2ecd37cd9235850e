import { expect, test } from 'vitest';
import { findNameFault, isNotebookName, readFileName, toNotebookName } from '#core/notebook/notebook-name.ts';

test.each(['a', 'first-run', 'LSTM_2', '2024', 'x'.repeat(100), 'a-'])('%s may be the name of a notebook', (name) => {
  expect(findNameFault(name)).toBeNull();
  expect(readFileName(`${name}.md`)).toEqual({ name, fault: null });
});

test.each([
  ['', 'is empty'],
  ['.hidden', 'begins with a dot'],
  ['a/b', 'holds a slash'],
  ['a\\b', 'holds a slash'],
  ['..', 'begins with a dot'],
  ['a\u0000', 'control character'],
  ['a\nb', 'control character'],
  ['x'.repeat(101), 'is too long: 101 characters, and 100 at most'],
  ['my notes', 'holds a space'],
  ['café', 'holds é'],
  ['a\u202eb', 'turns the direction of text, U+202E'],
  ['\u200b', 'nothing that can be seen'],
  ['a ', 'ends with a blank'],
  ['a.b', 'holds .'],
  ['-x', 'begins with -'],
  ['con', 'Windows'],
])('%j may not, and the reason is said: %s', (name, reason) => {
  expect(findNameFault(name)).toContain(reason);
});

test.each([
  ['notes.markdown', 'ends in .markdown: a notebook’s file ends in .md'],
  ['notes.MD', 'ends in .MD'],
  ['notes.qmd', 'ends in .qmd'],
  ['my notes.md', 'holds a space'],
  ['.hidden.md', 'begins with a dot'],
  ['.md', 'is empty'],
])('a file that looks like a notebook and is none has a reason: %s', (file, reason) => {
  expect(readFileName(file)?.fault).toContain(reason);
});

test.each(['bars.csv', 'notes.txt', 'a.md~', 'a.md.swp', '._a.md', '.#a.md', 'data'])('%s is another kind', (file) => {
  expect(readFileName(file)).toBeNull();
});

test('a title becomes a name that holds', () => {
  for (const title of ['BTC, next 12 hours', '  ', 'Ünïcode', '….', 'con', 'x'.repeat(300)]) {
    expect(isNotebookName(toNotebookName(title))).toBe(true);
  }
  expect(toNotebookName('BTC, next 12 hours')).toBe('btc-next-12-hours');
});
