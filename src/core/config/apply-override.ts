import { expandTimeframes } from './aliases.ts';
import { type Document, isMap, mergeDocuments, ownValue, valueAt, withValue } from './document.ts';
import { shown } from './expectation.ts';
import { alternatives, keysAt, kindOf, meantKey, schemaAt } from './json-schema.ts';
import type { Override } from './override.ts';
import { closest } from './suggestion.ts';

type Applied = { document: Document; message?: undefined } | { document?: undefined; message: string };

/** The configuration with one override applied, or why it cannot be. `document` holds every default already. */
export function applyOverride(document: Document, override: Override): Applied {
  const message = checkWay(document, override) ?? checkPresence(document, override);
  if (message) return { message };
  if (override.action === 'remove') return remove(document, override);
  const { path, alias } = override;
  const value = alias === 'timeframes' && path.length === 2 ? expandTimeframes(override.value) : override.value;
  // `…macd=null` switches an indicator off; a block whose schema knows null keeps it.
  if (value === null && isOptionalEntry(path) && valueAt(document, path) !== undefined) {
    return { document: withValue(document, path, undefined) };
  }
  const merged = alias === 'timeframes' ? value : mergeDocuments(valueAt(document, path), value);
  return { document: dropForeign(withValue(document, path, merged), path) };
}

/** `~` takes an entry out of a map, switches an optional block off, and refuses the rest: a key always has a value. */
function remove(document: Document, { path, value }: Override): Applied {
  const key = path.join('.');
  const present = valueAt(document, path);
  if (value !== undefined && JSON.stringify(value) !== JSON.stringify(present)) {
    return { message: `~${key}=… removes it only when it is ${shown(value)}, and it is ${shown(present)}` };
  }
  if (isOptionalEntry(path)) return { document: withoutTask(withValue(document, path, undefined), path) };
  if (takesNull(path)) return { document: withValue(document, path, null) };
  return { message: `${key} cannot be removed, it always has a value; set another with ${key}=…` };
}

/** Removes the loss and the weight of a task that was removed. */
function withoutTask(document: Document, path: readonly string[]): Document {
  const { loss } = document;
  if (path.length !== 3 || path[0] !== 'targets' || path[1] !== 'tasks' || !isMap(loss)) return document;
  const { weights, ...terms } = loss;
  const [task] = path.slice(2);
  return {
    ...document,
    loss: { ...withValue(terms, [task], undefined), weights: withValue(weights, [task], undefined) },
  };
}

/** Checks that every map on the way to the key exists or may be created. */
function checkWay(document: Document, { path, action }: Override): string | undefined {
  for (let length = 1; length < path.length; length++) {
    const way = path.slice(0, length);
    const value = valueAt(document, way);
    if (isMap(value) || (value === null && takesNull(way) && action !== 'remove')) continue;
    if (value === undefined && (action === 'add' || action === 'force')) return undefined;
    if (value === undefined) return missing(document, way, action);
    const name = way.join('.');
    if (name === 'features.timeframes') {
      return (
        'features.timeframes is auto, which is worked out from the data; name the timeframes instead, ' +
        'e.g. features.timeframes={1h: {rsi: {}}}'
      );
    }
    return `${name} is ${shown(value)}, not a map, so ${path.join('.')} cannot be set`;
  }
  return undefined;
}

function checkPresence(document: Document, { path, action }: Override): string | undefined {
  const parent = valueAt(document, path.slice(0, -1));
  const present = isMap(parent) && Object.hasOwn(parent, path[path.length - 1]);
  const key = path.join('.');
  if (action === 'add' && present) return `${key} is there already; without the + it is replaced: ${key}=…`;
  if ((action === 'set' && !present && parent !== null) || (action === 'remove' && !present)) {
    return missing(document, path, action);
  }
  return undefined;
}

function missing(document: Document, path: readonly string[], action: Override['action']): string {
  const key = path.join('.');
  const parent = path.slice(0, -1);
  const known = keysAt(parent, document);
  const last = path[path.length - 1];
  if (action === 'set' && isMap(valueAt(document, parent)) && schemaAt(path, document) && isOptionalEntry(path)) {
    const meant = closest(last, Object.keys(valueAt(document, parent) as Document));
    const next = meant ? `did you mean ${[...parent, meant].join('.')}? ` : '';
    return `${key} is not in the configuration; ${next}a new entry is added with a plus: +${key}=…`;
  }
  const candidates = parent.length === 0 ? known : known.filter((name) => name !== last);
  return `${key} is not in the configuration; ${meantKey(parent, last, candidates)}`;
}

/** Whether the key may be absent altogether: an entry of a map with free names, or an indicator of a timeframe. */
function isOptionalEntry(path: readonly string[]): boolean {
  const [group, block] = path;
  if (group === 'features' && block === 'timeframes') return path.length === 3 || path.length === 4;
  if (group === 'data' && block === 'columns') return path.length === 3;
  if (group === 'features' && block === 'columns') return path.length === 3;
  if (group === 'targets' && block === 'tasks') return path.length === 3;
  return group === 'loss' && path.length === (block === 'weights' ? 3 : 2);
}

function takesNull(path: readonly string[]): boolean {
  const node = schemaAt(path);
  if (!node) return false;
  return alternatives(node).some(({ type }) => type === 'null' || (Array.isArray(type) && type.includes('null')));
}

/** After `optimizer.kind=sgd` the keys that only adamw has are gone. */
function dropForeign(document: Document, path: readonly string[]): Document {
  if (path.at(-1) !== 'kind') return document;
  const parent = path.slice(0, -1);
  const block = valueAt(document, parent);
  const node = schemaAt(parent, document);
  const form = node && alternatives(node).find((member) => kindOf(member) === ownValue(block, 'kind'));
  if (!form?.properties || !isMap(block)) return document;
  const { properties } = form;
  const kept = Object.fromEntries(Object.entries(block).filter(([key]) => Object.hasOwn(properties, key)));
  return withValue(document, parent, kept);
}
