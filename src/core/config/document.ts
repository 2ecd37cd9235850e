/** A value as YAML or JSON gives it, before a schema has judged it. */
export type Document = Readonly<Record<string, unknown>>;

/** Deepest nesting and most values a document may have; the configuration needs six levels and some hundred values. */
export const maxDepth = 64;
const maxNodes = 50_000;

export function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own value at a key: `constructor` and the like are absent unless somebody wrote them. */
export function ownValue(map: unknown, key: string): unknown {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The own value at a path, undefined where the path leaves the maps. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(ownValue, value);
}

/** A copy with `value` at `path`; undefined removes the key. Maps on the way are made where there are none. */
export function withValue(map: unknown, path: readonly string[], value: unknown): Document {
  const [key, ...rest] = path;
  const copy: Record<string, unknown> = isMap(map) ? { ...map } : {};
  const inner = rest.length > 0 ? withValue(ownValue(map, key), rest, value) : value;
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/**
 * `over` laid on `under`: maps merge key by key, all else is replaced. Two maps that each say a different `kind` are
 * different things (adamw and sgd), so the later replaces the earlier whole, as do the maps at `replaced` paths.
 */
export function mergeDocuments(under: unknown, over: unknown, replaced: readonly string[] = [], path = ''): unknown {
  if (!isMap(under) || !isMap(over) || replaced.includes(path)) return over;
  const kinds = [ownValue(under, 'kind'), ownValue(over, 'kind')];
  if (kinds.every((kind) => typeof kind === 'string') && kinds[0] !== kinds[1]) return over;
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const inner = path === '' ? key : `${path}.${key}`;
    merged[key] = Object.hasOwn(under, key) ? mergeDocuments(under[key], value, replaced, inner) : value;
  }
  return merged;
}

/**
 * Why a value from outside must not be traversed: it is too deep or too large, or has a key that reaches into
 * prototypes.
 */
export function checkDocument(value: unknown): string | undefined {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let nodes = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (++nodes > maxNodes) return `expected at most ${maxNodes} values, received more`;
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth >= maxDepth) return `expected at most ${maxDepth} levels of nesting, received more`;
    if (Object.hasOwn(next.value, '__proto__')) return 'the key __proto__ is not allowed';
    for (const inner of Object.values(next.value)) stack.push({ value: inner, depth: next.depth + 1 });
  }
  return undefined;
}
