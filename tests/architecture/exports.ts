import ts from 'typescript';
import { resolveImport, type SourceFile } from './imports.ts';

/** A name that a file exports, `default` for the one without a name. */
export interface Export {
  readonly path: string;
  readonly name: string;
}

/** A name that a file takes from another of the project: an import, a re-export or a type of `import('…')`. */
interface Use {
  readonly from: string;
  readonly name: string;
}

/** All names of a module at once: `import * as`, `export *`, or `import('…')` as a value. */
const everything = '*';

/** What a file exports by name; a Svelte component is the default export of its file. */
export function listExports({ path, text }: Pick<SourceFile, 'path' | 'text'>): readonly string[] {
  const names = parse(path, text).statements.flatMap((statement) => {
    if (ts.isExportAssignment(statement)) return ['default'];
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause === undefined) return [];
      return ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [exportClause.name.text];
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword)) return [];
    return has(ts.SyntaxKind.DefaultKeyword) ? ['default'] : namesOf(statement);
  });
  return path.endsWith('.svelte') ? ['default', ...names] : names;
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesOfBinding(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function namesOfBinding(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOfBinding(element.name) : []));
}

/** What a file takes from other files of the project, by the paths it names. */
function listUses({ path, text }: Pick<SourceFile, 'path' | 'text'>): readonly Use[] {
  const uses: Use[] = [];
  const take = (specifier: ts.Node | undefined, names: readonly string[]) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const from = resolveImport(path, specifier.text);
    if (from !== null) uses.push(...names.map((name) => ({ from, name })));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, namesOfImport(node.importClause));
    else if (ts.isExportDeclaration(node)) take(node.moduleSpecifier, namesOfReexport(node.exportClause));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      take(node.argument.literal, [node.qualifier === undefined ? everything : firstOf(node.qualifier)]);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0], namesOfCall(node));
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return uses;
}

function namesOfImport(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  const named =
    bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [everything] : bindings.elements.map(own);
  return clause?.name === undefined ? named : ['default', ...named];
}

function namesOfReexport(clause: ts.NamedExportBindings | undefined): readonly string[] {
  return clause === undefined || !ts.isNamedExports(clause) ? [everything] : clause.elements.map(own);
}

/** `const { a } = await import('…')` takes a alone. */
function namesOfCall(call: ts.CallExpression): readonly string[] {
  const declaration = ts.isAwaitExpression(call.parent) ? call.parent.parent : call.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return [everything];
  return declaration.name.elements.map(({ propertyName, name }) => (propertyName ?? name).getText());
}

const own = ({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string => (propertyName ?? name).text;

const firstOf = (name: ts.EntityName): string => (ts.isIdentifier(name) ? name.text : firstOf(name.left));

/** The script of a Svelte file, both of them where there are two; the whole of any other. */
function parse(path: string, text: string): ts.SourceFile {
  const scripts = path.endsWith('.svelte') ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)] : [];
  const code = path.endsWith('.svelte') ? scripts.map(([, script]) => script).join('\n') : text;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

/** Exports that no other of the files takes. */
export function findDeadExports(files: readonly Pick<SourceFile, 'path' | 'text'>[]): readonly Export[] {
  const taken = new Set(
    files.flatMap((file) =>
      listUses(file).flatMap(({ from, name }) => (from === file.path ? [] : [`${from} ${name}`])),
    ),
  );
  return files.flatMap((file) =>
    taken.has(`${file.path} ${everything}`)
      ? []
      : listExports(file)
          .filter((name) => !taken.has(`${file.path} ${name}`))
          .map((name) => ({ path: file.path, name })),
  );
}

/** Whether a file uses a name that it exports: the name stands in it more than once, comments left out. */
export function usesItself({ path, text }: Pick<SourceFile, 'path' | 'text'>, name: string): boolean {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) count++;
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return count > 1;
}
