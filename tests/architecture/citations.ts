import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { root } from './imports.ts';

/** A file whose words cite pages. */
export interface CitingFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const folders = ['src', 'trainer', 'tests'];
/** Data of tests, and what tools leave behind. */
const skipped = /^tests\/(fixtures|\.artifacts)\//;

/** Files of the project, from its root, that the endings fit. */
function filesWith(endings: RegExp): readonly CitingFile[] {
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => endings.test(path) && !skipped.test(path))
    .sort()
    .map(readFile);
}

function readFile(path: string): CitingFile {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** Everything that is code of ours. */
export const codeFiles = (): readonly CitingFile[] => filesWith(/\.(ts|mjs|js|svelte|css|cc|h|py)$/);

/** Every page of ours: beside the code, at the top, and in `.github`. */
export function pages(): readonly CitingFile[] {
  const community = readdirSync(join(root, '.github')).filter((name) => name.endsWith('.md'));
  return [...filesWith(/\.md$/), ...['README.md', ...community.map((name) => `.github/${name}`)].map(readFile)];
}

/** What is said in a file of code about it: its comments, and the names of its tests. */
export function wordsOf({ path, text }: CitingFile): readonly string[] {
  // Most files cite nothing, and need no parser to say so.
  if (!/[A-Z]\.md/.test(text)) return [];
  if (!/\.(ts|mjs|js)$/.test(path)) return [text];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const words: string[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      words.push(plain(text.slice(pos, end)));
    }
    if (ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText()))
      words.push(...node.arguments.filter(ts.isStringLiteralLike).map((name) => name.text));
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return words;
}

/** A comment in one line, without its marks. */
function plain(comment: string): string {
  return comment.replaceAll(/\n\s*(\*|\/\/) ?/g, ' ');
}

/** The heading's anchor, as GitHub makes it. */
function toAnchor(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf({ text }: CitingFile): readonly string[] {
  return withoutCode(text)
    .split('\n')
    .flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? [])
    .map(toAnchor);
}

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '');
}

/** Pages in upper case that words cite: `CLEANING.md`, `CLEANING.md#times`. */
const citation = /(?<![\w/.-])([A-Z][A-Z0-9_-]*\.md)(?:#([\w-]+))?/g;

/** What is wrong with the citations of these words: a page that is not there, or not alone of its name, or has no such heading. */
export function checkCitations(words: string, known: readonly CitingFile[]): readonly string[] {
  return [...words.matchAll(citation)].flatMap(([cited, name, anchor]) => {
    const named = known.filter(({ path }) => basename(path) === name);
    if (named.length !== 1) return [`${cited}: ${named.length} pages have this name`];
    if (anchor === undefined || anchorsOf(named[0]).includes(anchor)) return [];
    return [`${cited}: ${named[0].path} has no such heading`];
  });
}

const link = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** Links of a page that lead nowhere: to no file of the project, or to no heading of a page. */
export function checkLinks(page: CitingFile, known: readonly CitingFile[]): readonly string[] {
  return [
    ...withoutCode(page.text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(link),
  ].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file, anchor] = target.split('#');
    const path = file === '' ? page.path : normalize(join(dirname(page.path), file)).replaceAll('\\', '/');
    const there = known.find((one) => one.path === path);
    if (there === undefined && !existsSync(join(root, path))) return [`${page.path}: ${target}: no such file`];
    if (anchor === undefined) return [];
    if (there !== undefined && anchorsOf(there).includes(anchor)) return [];
    return [`${page.path}: ${target}: no such heading`];
  });
}
