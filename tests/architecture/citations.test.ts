import { describe, expect, it } from 'vitest';
import { checkCitations, checkLinks, codeFiles, pages, wordsOf } from './citations.ts';

/** Pages that were written before the code and are not part of it. */
const gone = /\b(DOMAIN|CONTRACT|TRUST|ENGINES|INTERFACE|ANCHORS|ARCHITECTURE)(?:\.md|,? (?:finding )?[A-Z]?\d)/;

const known = pages();
const code = codeFiles().filter(({ path }) => !path.startsWith('tests/architecture/citations'));

describe('what code and pages refer to', () => {
  it('is a page that is there, by a name that it has alone, and a heading of it', () => {
    const wrong = code.flatMap((file) =>
      wordsOf(file).flatMap((words) => checkCitations(words, known).map((problem) => `${file.path}: ${problem}`)),
    );
    expect(wrong).toEqual([]);
  });

  it('is no page that the repository does not hold', () => {
    const wrong = [...code, ...known].filter(({ text }) => gone.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it('is where the links of pages lead', () => {
    expect(known.flatMap((page) => checkLinks(page, known))).toEqual([]);
  });

  it('is read at all', () => {
    const cited = code.flatMap((file) => wordsOf(file).flatMap((words) => words.match(/\b[A-Z]+\.md#[\w-]+/g) ?? []));
    expect(cited.length).toBeGreaterThan(30);
    const names = known.map(({ path }) => path);
    for (const name of ['README.md', '.github/SECURITY.md', 'src/core/FORMATS.md', 'trainer/PROMISES.md'])
      expect(names).toContain(name);
  });
});

describe('checkCitations', () => {
  const known = [
    { path: 'a/ONE.md', text: '# One\n\n## No look-ahead, `ever`\n```\n## Code\n```\n' },
    { path: 'a/README.md', text: '' },
    { path: 'b/README.md', text: '' },
  ];

  it('knows a heading by its anchor', () => {
    expect(checkCitations('as ONE.md says (ONE.md#no-look-ahead-ever).', known)).toEqual([]);
  });

  it('tells a page that is not there, one of several, and a heading that is none', () => {
    expect(checkCitations('TWO.md, README.md, ONE.md#code', known)).toEqual([
      'TWO.md: 0 pages have this name',
      'README.md: 2 pages have this name',
      'ONE.md#code: a/ONE.md has no such heading',
    ]);
  });
});

describe('checkLinks', () => {
  const page = (text: string) => ({ path: 'src/core/PAGE.md', text });
  const check = (text: string) => checkLinks(page(text), [page(text)]);

  it('follows links to files and headings, and leaves addresses and code alone', () => {
    expect(check('# One\n[a](#one) [b](error.ts) [c](https://example.org) `[d](nowhere)`')).toEqual([]);
    expect(check('[a](#two) [b](nowhere.ts)')).toEqual([
      'src/core/PAGE.md: #two: no such heading',
      'src/core/PAGE.md: nowhere.ts: no such file',
    ]);
  });
});

describe('wordsOf', () => {
  it('is comments in one line and the names of tests, not other text', () => {
    const text = "/** See\n * ONE.md. */\nconst a = 'TWO.md'; // THREE.md\ntest('as FOUR.md has it', () => {});\n";
    expect(wordsOf({ path: 'a.test.ts', text }).join('\n')).toBe('/** See ONE.md. */\n// THREE.md\nas FOUR.md has it');
  });
});
