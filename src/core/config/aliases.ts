import type { Issue } from '#core/error.ts';
import { defaultIndicators } from '#core/features/defaults.ts';
import { type Document, isMap, valueAt, withValue } from './document.ts';
import { shown } from './expectation.ts';

/** Flat keys of the older dashboard → where they live now. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  data_source: ['data', 'source'],
  timeframes: ['features', 'timeframes'],
  variant: ['model', 'variant'],
  max_epochs: ['train', 'epochs'],
};

/** The path meant by a dotted path that may begin with a flat key. */
export function resolveAlias(path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  return Object.hasOwn(aliases, first) ? [...aliases[first], ...rest] : path;
}

/** `[1m, 15m]` → each with the default indicators; anything else is left to the schema. */
export function expandTimeframes(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) return value;
  return Object.fromEntries(value.map((name) => [name, { ...defaultIndicators }]));
}

/** Moves flat keys to their groups; one that contradicts the grouped key is an issue. */
export function expandAliases(document: Document): { document: Document; issues: Issue[] } {
  const issues: Issue[] = [];
  let expanded: Document = Object.fromEntries(Object.entries(document).filter(([key]) => !Object.hasOwn(aliases, key)));
  for (const [alias, path] of Object.entries(aliases)) {
    if (!Object.hasOwn(document, alias)) continue;
    const value = alias === 'timeframes' ? expandTimeframes(document[alias]) : document[alias];
    const grouped = valueAt(document, path);
    if (grouped !== undefined && JSON.stringify(grouped) !== JSON.stringify(value)) {
      const message = `${alias} is the older name of ${path.join('.')}; both are given: ${shown(document[alias])} and ${shown(grouped)}`;
      issues.push({ path: alias, message });
    } else if (expanded[path[0]] === undefined || expanded[path[0]] === null || isMap(expanded[path[0]])) {
      expanded = withValue(expanded, path, value);
    }
  }
  return { document: expanded, issues };
}
