import {
  Document as YamlDocument,
  isCollection,
  isMap as isYamlMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { Config } from './config.ts';
import { type DataConfig, dataSchema } from './data.ts';
import { toFile } from './config-file.ts';
import { checkDocument, type Document } from './document.ts';
import { scanYaml, type YamlIssue } from './yaml-scan.ts';
import { explainAliases, explainErrors, type YamlTrouble } from './yaml-trouble.ts';

interface ParsedYaml {
  /** undefined when there are issues; null for an empty text. */
  readonly value: unknown;
  readonly issues: readonly YamlIssue[];
  /** The parsed document with source ranges; absent when the text was refused unread. */
  readonly document?: YamlDocument.Parsed;
}

/** One fault often brings a tail of others; nobody reads further. */
const maxIssues = 20;

/** Aliases (`*name`) that one document may expand to. */
const maxAliases = 100;

/**
 * Reads YAML 1.2 (core schema) from a stranger: size and depth are checked before it is parsed, aliases are capped,
 * keys must be unique, and nothing throws. Every issue is a sentence for a person (yaml-trouble.ts).
 */
export function parseYaml(text: string): ParsedYaml {
  const refused = scanYaml(text);
  if (refused) return { value: undefined, issues: [refused] };
  const lines = new LineCounter();
  const at = (start: number, end: number) => {
    const { line, col } = lines.linePos(start);
    return { line: Math.max(1, line), column: Math.max(1, col), start, end };
  };
  const toIssue = ({ message, start, end }: YamlTrouble): YamlIssue => {
    return { code: 'yaml_syntax', message, ...at(start, end) };
  };
  const whole = { line: 1, column: 1, start: 0, end: text.length };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const faults = [...document.errors, ...document.warnings].slice(0, maxIssues);
    if (faults.length > 0) return { value: undefined, issues: explainErrors(text, faults).map(toIssue), document };
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: maxAliases });
    } catch (error) {
      return { value: undefined, issues: [toIssue(explainAliases(text, document, error))] };
    }
    const problem = checkDocument(value);
    if (problem) return { value: undefined, issues: [{ code: 'too_large', message: problem, ...whole }], document };
    return { value, issues: [], document };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not readable as YAML';
    return { value: undefined, issues: [{ code: 'yaml_syntax', message, ...whole }] };
  }
}

/** Columns in which a map of plain values stays on one line. */
const width = 100;

/**
 * Any configuration, whole or partial, as YAML for a person: groups as blocks, small maps of plain values on one line.
 * parseYaml gives the same value back.
 */
export function writeYaml(value: unknown): string {
  const document = new YamlDocument(value, { aliasDuplicateObjects: false });
  visit(document, {
    Map(_key, node, path) {
      // Depth 1 is a group, which stays a block.
      const depth = path.filter((parent) => isCollection(parent)).length;
      if (depth < 2) return;
      const isPlain = node.items.every(
        (pair) => isScalar(pair.value) || (isYamlMap(pair.value) && isEmpty(pair.value)),
      );
      if (isPlain && JSON.stringify(node.toJSON()).length <= width) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function isEmpty(node: { readonly items: readonly unknown[] }): boolean {
  return node.items.length === 0;
}

/** The text of `config.yaml`: every key but those of data.split that do not count and have their defaults. */
export function writeConfig(config: Config): string {
  const { data, ...groups } = toFile(config);
  return writeYaml({ data: { ...data, split: countingSplit(data.split) }, ...groups });
}

const shares = ['train', 'validation', 'test'];
const instants = ['validation_from', 'test_from', 'until'];

/** Without the shares where instants are given, else without the instants. */
function countingSplit(split: DataConfig['split']): Partial<DataConfig['split']> {
  const idle = split.validation_from === null ? instants : shares;
  const defaults: Document = dataSchema.parse({}).split;
  return Object.fromEntries(
    Object.entries(split).filter(([key, value]) => !idle.includes(key) || value !== defaults[key]),
  );
}
