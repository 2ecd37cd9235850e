import { expect, test } from 'vitest';
import { type KnownNotebook, matchNotebooks, nameSince, type SeenFile } from '#trainer/sidecar/runs/notebook-match.ts';

/** A file of these lines; its number is that of the file, whatever it holds. */
function file(number: number, lines: string, part: Partial<SeenFile> = {}): SeenFile {
  return {
    inode: String(number),
    born: 1000 + number,
    size: lines.length,
    changed: 1,
    digest: lines,
    lines: [...lines],
    ...part,
  };
}
const known = (name: string, seen: SeenFile, part: Partial<KnownNotebook> = {}): KnownNotebook => ({
  ...{ name, was: [], file: seen, gone: null, binned: false },
  ...part,
});
const at = '2026-12-01T00:00:00.000Z';

function look(before: readonly KnownNotebook[], files: Readonly<Record<string, SeenFile>>, binned: SeenFile[] = []) {
  const { notebooks, renamed } = matchNotebooks(before, new Map(Object.entries(files)), { binned, now: at });
  return { notebooks, renamed: Object.fromEntries(renamed) };
}

const [a, b] = [known('a', file(1, 'abcdefghij')), known('b', file(2, 'klmnopqrst'))];

test('the same file under another name is the same notebook, edited or not; the rest is as it was', () => {
  expect(look([a, b], { c: file(1, 'entirely other'), b: b.file }).renamed).toEqual({ a: 'c' });
  // Two that exchange their names.
  expect(look([a, b], { a: b.file, b: a.file }).renamed).toEqual({ a: 'b', b: 'a' });
  expect(look([a, b], { a: a.file, b: file(9, 'written anew') }).renamed).toEqual({});
});

test('a copy takes no runs along, and what has the old name after a rename is new', () => {
  expect(look([a], { a: a.file, copy: file(5, 'abcdefghij') }).renamed).toEqual({});
  const { notebooks, renamed } = look([a], { c: a.file, a: file(5, 'zyxwv') });
  expect(renamed).toEqual({ a: 'c' });
  expect(notebooks.map(({ name, was }) => [name, was.length])).toEqual([
    ['c', 1],
    ['a', 0],
  ]);
});

test('git makes another file: it is told by its content, or by lines that are alike', () => {
  expect(look([a, b], { c: file(7, 'abcdefghij'), b: b.file }).renamed).toEqual({ a: 'c' });
  expect(look([a, b], { c: file(7, 'abcdefghXY'), b: b.file }).renamed).toEqual({ a: 'c' });
  expect(look([a, b], { c: file(7, 'abcdUVWXYZ'), b: b.file }).renamed).toEqual({});
});

test('where two are as much alike nothing is guessed', () => {
  expect(look([a], { c: file(7, 'abcdefghX'), d: file(8, 'abcdefghY') }).renamed).toEqual({});
  const twin = known('twin', file(3, 'abcdefghik'));
  expect(look([a, twin], { c: file(7, 'abcdefghXY') }).renamed).toEqual({});
});

test('what went to the bin is found again when that very file is back, and by no likeness', () => {
  const { notebooks } = look([a], {}, [a.file]);
  expect(notebooks).toMatchObject([{ name: 'a', gone: at, binned: true }]);
  expect(look(notebooks, { other: file(7, 'abcdefghij') }).renamed).toEqual({});
  expect(look(notebooks, { 'a-2': a.file }).renamed).toEqual({ a: 'a-2' });
});

test('what went long ago is not found in a file that is only like it', () => {
  const { notebooks } = look([a], {});
  expect(look(notebooks, { c: file(7, 'abcdefghij') }).renamed).toEqual({});
  expect(look(notebooks, { a: file(7, 'anything') }).notebooks).toMatchObject([{ name: 'a', gone: null }]);
});

test('a number that the system gave to another file says nothing', () => {
  expect(look([a], { c: file(1, 'zzzzz', { born: 5 }) }).renamed).toEqual({});
  const unborn = known('a', file(1, 'abc', { born: 0 }));
  expect(look([unborn], { c: file(1, 'xyz', { born: 0 }) }).renamed).toEqual({});
});

test('a run is found under the name that its notebook has now, also where another has had that name since', () => {
  const renamed = [
    known('c', a.file, {
      was: [
        { name: 'a', until: '2026-02-01' },
        { name: 'b', until: '2026-03-01' },
      ],
    }),
    known('d', b.file, { was: [{ name: 'a', until: '2026-04-01' }] }),
    known('a', file(3, 'x')),
  ];
  expect(nameSince(renamed, 'a', '2026-01-01')).toBe('c');
  expect(nameSince(renamed, 'b', '2026-02-15')).toBe('c');
  expect(nameSince(renamed, 'a', '2026-03-15')).toBe('d');
  expect(nameSince(renamed, 'a', '2026-05-01')).toBe('a');
  expect(nameSince(renamed, 'e', '2026-01-01')).toBe('e');
});
