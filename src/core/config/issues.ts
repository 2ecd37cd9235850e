import type { z } from 'zod';
import type { Issue } from '#core/error.ts';
import { exchangeMeant } from '#core/sessions/exchange-names.ts';
import { closest } from './suggestion.ts';
import { explainLine } from './yaml-trouble.ts';
import { valueAt } from './document.ts';
import { expectation, shown } from './expectation.ts';
import { alternatives, kindOf, mapForm, meantKey, schemaAt } from './json-schema.ts';

type ZodIssue = z.core.$ZodIssue;

/** Nobody reads further, and a request can hold a hundred thousand. */
export const maxIssues = 100;

/**
 * What the schema found, in words for a person: what was expected, what came, and the key that was probably meant.
 * `input` is the whole configuration that was judged.
 */
export function toIssues(error: z.ZodError, input: unknown): Issue[] {
  return error.issues
    .slice(0, maxIssues)
    .flatMap((issue) => describe(issue, input))
    .slice(0, maxIssues);
}

function describe(issue: ZodIssue, input: unknown): Issue[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, maxIssues).map((key) => unknownKey(path, key, input));
  if (issue.code === 'invalid_key') return [{ path: path.join('.'), message: invalidKey(issue, path) }];
  if (issue.code === 'invalid_union') return describeUnion(issue, path, input);
  if (issue.code === 'custom' || issue.code === 'invalid_format') {
    return [{ path: path.join('.'), message: `${issue.message}, received ${shown(valueAt(input, path))}` }];
  }
  return [{ path: path.join('.'), message: expectedAt(path, input) }];
}

/** A union that failed: the findings inside the form that was meant, else what any of the forms would be. */
function describeUnion(issue: Extract<ZodIssue, { code: 'invalid_union' }>, path: string[], input: unknown): Issue[] {
  const node = schemaAt(path, input);
  const value = valueAt(input, path);
  const kinds = node ? alternatives(node).map(kindOf) : [];
  const discriminated = kinds.length > 1 && kinds.every((kind) => kind !== undefined);
  if (!discriminated && node && mapForm(node) && typeof value === 'object' && value !== null) {
    const inner = issue.errors.find((found) => !found.some(({ code, path: at }) => isWrongForm(code, at)));
    if (inner) return inner.flatMap((found) => describe({ ...found, path: [...path, ...found.path] }, input));
  }
  if (!discriminated && typeof value === 'string') {
    const custom = issue.errors.flat().find(({ code }) => code === 'custom');
    if (custom) return describe({ ...custom, path }, input);
  }
  if (issue.path.at(-1) !== 'kind') return [{ path: path.join('.'), message: expectedAt(path, input) }];
  const parent = schemaAt(path.slice(0, -1), input);
  const options = parent ? alternatives(parent).map(kindOf).map(String) : [];
  return [{ path: path.join('.'), message: expectedOneOf(options, value) }];
}

/**
 * A finding on the value itself means that another form was meant; a finding below it says what is wrong inside this
 * form.
 */
function isWrongForm(code: ZodIssue['code'], path: readonly PropertyKey[]): boolean {
  return path.length === 0 && code !== 'unrecognized_keys' && code !== 'custom';
}

function expectedOneOf(options: readonly string[], value: unknown): string {
  const meant = typeof value === 'string' ? closest(value, options) : undefined;
  return `expected one of ${options.join(', ')}, received ${shown(value)}${meant ? `; did you mean ${meant}?` : ''}`;
}

function expectedAt(path: readonly string[], input: unknown): string {
  const node = schemaAt(path, input);
  const value = valueAt(input, path);
  if (node?.enum && typeof value === 'string') return expectedOneOf(node.enum.map(String), value);
  const hint = value === null && node && isPlainMap(node) ? '; write {} for its defaults, or leave it out' : '';
  const alias = typeof value === 'string' && path.join('.') === 'data.exchange' ? exchangeMeant(value) : undefined;
  const meant = alias === undefined ? '' : `; did you mean ${alias}?`;
  return `expected ${node ? expectation(node) : 'another value'}, received ${shown(value)}${hint}${meant}`;
}

function isPlainMap(node: Parameters<typeof alternatives>[0]): boolean {
  return alternatives(node).every(({ type }) => type === 'object');
}

function unknownKey(parent: readonly string[], key: string, input: unknown): Issue {
  const node = schemaAt(parent, input);
  const joined = explainLine(key);
  if (joined) return { path: [...parent, key].join('.'), message: joined };
  const keys = Object.keys((node && mapForm(node, valueAt(input, parent))?.properties) ?? {});
  return { path: [...parent, key].join('.'), message: `unknown key ${shown(key)}; ${meantKey(parent, key, keys)}` };
}

function invalidKey(issue: Extract<ZodIssue, { code: 'invalid_key' }>, path: readonly string[]): string {
  return `${issue.issues[0]?.message ?? 'expected another name'}, received ${shown(path.at(-1))}`;
}
