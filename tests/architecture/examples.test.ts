import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { listExports } from './exports.ts';
import { readSources, root } from './imports.ts';

/** What examples take as given. */
const given = `import * as tf from '@tensorflow/tfjs-core';
declare const deps: import('#trainer/sidecar/http/deps.ts').Deps;
`;

/** An `@example` of a comment, as a module of its own beside the code that it is for. */
interface Example {
  readonly path: string;
  readonly text: string;
}

const files = readSources().filter(({ path }) => /^(src\/core|trainer)\/.*\.ts$/.test(path));

function findExamples(): readonly Example[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/^ \* @example\n((?: \*(?: .*)?\n)+?) \*\/$/gm)].map(([, lines], index) => ({
      path: `${path.replace(/\.ts$/, '')}.example-${index}.ts`,
      text: withImports(path, lines.replaceAll(/^ \* ?/gm, '')),
    })),
  );
}

/** Names that our files export and the example uses, imported from the example's own file first. */
function withImports(path: string, code: string): string {
  const used = new Set(code.match(/[A-Za-z_]\w*/g));
  const own = files.filter((file) => file.path === path);
  const imports = new Map<string, string>();
  for (const file of [...own, ...files]) {
    for (const name of listExports(file)) if (used.has(name) && !imports.has(name)) imports.set(name, file.path);
  }
  const lines = [...imports].map(([name, from]) => `import { ${name} } from '${join(root, from)}';\n`);
  return `${given}${lines.join('')}export async function example() {\n${code}}\n`;
}

it('examples in comments call what there is as it wants to be called', () => {
  const examples = findExamples();
  expect(examples.length).toBeGreaterThan(15);
  const texts = new Map(examples.map(({ path, text }) => [join(root, path), text]));
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const checked: ts.CompilerOptions = { ...options, verbatimModuleSyntax: false, noUnusedLocals: false };
  const host = ts.createCompilerHost(checked);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...texts.keys()], checked, host);
  const problems = [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path.slice(root.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
  expect(problems).toEqual([]);
});
