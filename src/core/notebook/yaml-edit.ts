import {
  isCollection,
  isMap as isMapNode,
  isScalar,
  type Node,
  type Pair,
  Scalar,
  stringify,
  type YAMLMap,
} from 'yaml';
import { canonicalJson } from '#core/config/digest.ts';
import { isMap, valueAt, withValue } from '#core/config/document.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { AppError } from '#core/error.ts';

/** A replacement of `[start, end)` in a text. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The YAML of a map with `value` at `path`, changed as little as can be: the value alone where the key is there, one
 * more line where it is not. Comments, order and style of the rest stay. Throws AppError `invalid_notebook` when the
 * text cannot be read.
 */
export function setYamlValue(source: string, path: readonly string[], value: unknown): string {
  const { root } = read(source);
  const current = valueAt(root, path);
  if (path.length > 0 && isSame(current, value)) return source;
  if (isMap(current) && isMap(value)) return mergeYaml(source, path, current, value);
  return apply(source, (map) => locate(source, map, path, value), withValue(root, path, value), path);
}

/** The YAML without the key at `path`; the same text when it is not there. Throws as setYamlValue. */
export function removeYamlKey(source: string, path: readonly string[]): string {
  const { root } = read(source);
  const [parent, key] = [valueAt(root, path.slice(0, -1)), path[path.length - 1]];
  if (!isMap(parent) || !Object.hasOwn(parent, key)) return source;
  // The last key of an inner map leaves {} behind: an empty place would say null.
  if (path.length > 1 && Object.keys(parent).length === 1) {
    const outer = path.slice(0, -1);
    return apply(source, (map) => locate(source, map, outer, {}), withValue(root, outer, {}), path);
  }
  return apply(source, (map) => locateRemoval(source, map, path), withValue(root, path, undefined), path);
}

function read(source: string): { root: unknown; map: YAMLMap<Node, Node | null> | null } {
  const { value, issues, document } = parseYaml(source);
  if (issues.length > 0 || !document || (value !== null && !isMap(value))) {
    const [issue] = issues;
    const where = issue ? issue.message : 'it is not a map';
    throw new AppError('invalid_notebook', `This YAML cannot be edited as a form before it can be read (${where})`);
  }
  const { contents } = document;
  return { root: value ?? {}, map: isMapNode(contents) ? (contents as YAMLMap<Node, Node | null>) : null };
}

/** Key by key, so that comments inside the map survive. */
function mergeYaml(source: string, path: readonly string[], current: object, value: object): string {
  const removed = Object.keys(current).filter((key) => !Object.hasOwn(value, key));
  // First what is set, so that the map is not empty in between.
  const set = Object.entries(value).reduce((text, [key, inner]) => setYamlValue(text, [...path, key], inner), source);
  return removed.reduce((text, key) => removeYamlKey(text, [...path, key]), set);
}

/** Makes the edit and reads the text again; where the edit missed, the group is written anew from its values. */
function apply(
  source: string,
  edit: (map: YAMLMap<Node, Node | null> | null) => Edit | undefined,
  wanted: unknown,
  path: readonly string[],
): string {
  const { map } = read(source);
  const found = edit(map);
  if (found) {
    const edited = source.slice(0, found.start) + found.text + source.slice(found.end);
    const { value, issues } = parseYaml(edited);
    if (issues.length === 0 && isSame(value ?? {}, wanted)) return edited;
  }
  const { document } = parseYaml(source);
  try {
    const value = valueAt(wanted, path);
    if (value === undefined) document?.deleteIn(path);
    else document?.setIn(path, value);
    const edited = document?.toString({ lineWidth: 0 }) ?? '';
    if (isSame(parseYaml(edited).value ?? {}, wanted)) return edited;
  } catch {
    // A path through an alias: the document cannot be edited in place.
  }
  return stringify(wanted, { lineWidth: 0, aliasDuplicateObjects: false });
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b) && (a === undefined) === (b === undefined);
}

/** The value on one line, in a form that may stand inside brackets too. */
function inline(value: unknown): string {
  const text = stringify([value], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false });
  return text.trimEnd().slice(1, -1);
}

function lineEnd(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

function findPair(map: YAMLMap<Node, Node | null>, key: string): Pair<Node, Node | null> | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function locate(
  source: string,
  root: YAMLMap<Node, Node | null> | null,
  path: readonly string[],
  value: unknown,
): Edit | undefined {
  if (!root) return append(source, pairText(path, value));
  let map = root;
  for (let depth = 0; depth < path.length; depth++) {
    const pair = findPair(map, path[depth]);
    const rest = path.slice(depth + 1);
    if (!pair) return insert(source, map, pairText(path.slice(depth), value));
    if (rest.length > 0 && isMapNode(pair.value)) map = pair.value as YAMLMap<Node, Node | null>;
    else return replaceValue(source, pair, rest.length > 0 ? withValue({}, rest, value) : value);
  }
  return undefined;
}

function pairText([key, ...rest]: readonly string[], value: unknown): string {
  return `${inline(key)}: ${inline(rest.length > 0 ? withValue({}, rest, value) : value)}`;
}

function append(source: string, line: string): Edit {
  const end = lineEnd(source);
  const before = source === '' || source.endsWith('\n') ? '' : end;
  return { start: source.length, end: source.length, text: `${before}${line}${end}` };
}

function replaceValue(source: string, pair: Pair<Node, Node | null>, value: unknown): Edit | undefined {
  const { key, value: node } = pair;
  if (!key.range || !node?.range) return undefined;
  const colon = source.indexOf(':', key.range[1]) + 1;
  const [start, end] = node.range;
  const after = end > start && source[end - 1] === '\n' ? lineEnd(source) : '';
  if (start === end) return { start: colon, end: colon, text: ` ${inline(value)}` };
  if (isCollection(node) && !node.flow) return { start: colon, end, text: ` ${inline(value)}${after}` };
  return { start, end, text: quotedLike(node, value) + after };
}

/** Text stays in the quotes it was written in. */
function quotedLike(node: Node, value: unknown): string {
  if (typeof value !== 'string' || !isScalar(node)) return inline(value);
  if (node.type === Scalar.QUOTE_DOUBLE) return JSON.stringify(value);
  const isPlain = /^[\x20-\x7e]*$/.test(value);
  return node.type === Scalar.QUOTE_SINGLE && isPlain ? `'${value.replaceAll("'", "''")}'` : inline(value);
}

function endOf({ key, value }: Pair<Node, Node | null>): number {
  return Math.max(value?.range?.[1] ?? 0, key.range?.[1] ?? 0);
}

function insert(source: string, map: YAMLMap<Node, Node | null>, text: string): Edit | undefined {
  const last = map.items.at(-1);
  if (!map.range) return undefined;
  if (map.flow) {
    const at = last ? endOf(last) : map.range[0] + 1;
    return { start: at, end: at, text: last ? `, ${text}` : text };
  }
  const first = map.items[0]?.key.range?.[0];
  if (!last || first === undefined) return undefined;
  const indent = ' '.repeat(first - (source.lastIndexOf('\n', first - 1) + 1));
  const at = lineAfter(source, endOf(last));
  const end = lineEnd(source);
  const before = at > 0 && source[at - 1] !== '\n' ? end : '';
  return { start: at, end: at, text: `${before}${indent}${text}${end}` };
}

/** Offset after the line in which `end` lies, so that a comment behind the value stays with it. */
function lineAfter(source: string, end: number): number {
  if (end > 0 && source[end - 1] === '\n') return end;
  const feed = source.indexOf('\n', end);
  return feed < 0 ? source.length : feed + 1;
}

function locateRemoval(
  source: string,
  root: YAMLMap<Node, Node | null> | null,
  path: readonly string[],
): Edit | undefined {
  let map = root;
  for (const key of path.slice(0, -1)) {
    const inner = map && findPair(map, key)?.value;
    map = isMapNode(inner) ? (inner as YAMLMap<Node, Node | null>) : null;
  }
  const pair = map && findPair(map, path[path.length - 1]);
  if (!map || !pair?.key.range) return undefined;
  if (!map.flow) {
    const start = source.lastIndexOf('\n', pair.key.range[0] - 1) + 1;
    return { start, end: lineAfter(source, endOf(pair)), text: '' };
  }
  const at = map.items.indexOf(pair);
  const previous = map.items[at - 1];
  const next = map.items[at + 1];
  if (previous) return { start: endOf(previous), end: endOf(pair), text: '' };
  return { start: pair.key.range[0], end: next?.key.range?.[0] ?? endOf(pair), text: '' };
}
