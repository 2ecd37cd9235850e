import { z } from 'zod';
import { configSchema } from './config.ts';
import { isMap, ownValue } from './document.ts';
import { closest } from './suggestion.ts';

/** The part of JSON Schema (2020-12) that the configuration uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

let built: SchemaNode | undefined;

/** JSON Schema of the configuration as a person may write it: every key optional that has a default. */
export function configJsonSchema(): SchemaNode {
  built ??= z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' }) as SchemaNode;
  return built;
}

/** The forms a value may take: the members of a union, or the node itself. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  const members = node.anyOf ?? node.oneOf;
  return members ? members.flatMap(alternatives) : [node];
}

/** The constant `kind` that tells the members of a discriminated union apart. */
export function kindOf(node: SchemaNode): unknown {
  return node.properties?.kind?.const;
}

/** The member that fits a value: by its `kind` where members have one, else the first that is a map. */
export function mapForm(node: SchemaNode, value?: unknown): SchemaNode | undefined {
  const maps = alternatives(node).filter((member) => member.type === 'object');
  const kind = ownValue(value, 'kind');
  return maps.find((member) => kind !== undefined && kindOf(member) === kind) ?? maps[0];
}

/**
 * The schema at a dotted path, undefined where there is none. `value` is the configuration in question: it decides
 * between the forms of a union.
 */
export function schemaAt(path: readonly string[], value?: unknown): SchemaNode | undefined {
  let node: SchemaNode | undefined = configJsonSchema();
  let here = value;
  for (const key of path) {
    const form: SchemaNode | undefined = node && mapForm(node, here);
    if (!form) return undefined;
    const { properties, additionalProperties }: SchemaNode = form;
    if (properties && Object.hasOwn(properties, key)) node = properties[key];
    else node = isMap(additionalProperties) ? (additionalProperties as SchemaNode) : undefined;
    here = ownValue(here, key);
  }
  return node;
}

/** Keys that may stand in the map at a path; for a map of free names, those it has. */
export function keysAt(path: readonly string[], value?: unknown): readonly string[] {
  const node = schemaAt(path, value);
  const here = path.reduce<unknown>(ownValue, value);
  const form = node && mapForm(node, here);
  return [...new Set([...Object.keys(form?.properties ?? {}), ...(isMap(here) ? Object.keys(here) : [])])];
}

/** Dotted places where a key of this name stands (free names left out): `learning_rate` → `train.optimizer.learning_rate`. */
export function findKey(name: string): readonly string[] {
  return [...new Set(placesOf(name, configJsonSchema(), []))];
}

function placesOf(name: string, node: SchemaNode, path: readonly string[]): string[] {
  return alternatives(node).flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([key, inner]) => [
      ...(key === name ? [[...path, key].join('.')] : []),
      ...placesOf(name, inner, [...path, key]),
    ]),
  );
}

/** The next step after an unknown key: the one that was meant here, the same key elsewhere, or what is known here. */
export function meantKey(parent: readonly string[], key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  if (meant) return `did you mean ${[...parent, meant].join('.')}?`;
  const places = findKey(key);
  if (places.length > 0) return `did you mean ${places.slice(0, 3).join(' or ')}?`;
  return `known here: ${known.join(', ') || 'no keys'}`;
}
