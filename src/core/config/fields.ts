import { capitalise } from '#core/capitalise.ts';
import { isMap, ownValue, valueAt } from './document.ts';
import { configSchema } from './config.ts';
import { alternatives, configJsonSchema, kindOf, type SchemaNode } from './json-schema.ts';

interface FieldHead {
  /** Keys from the root, e.g. ["train", "optimizer", "learning_rate"]. */
  readonly path: readonly string[];
  readonly title: string;
  readonly description: string;
  /** Value when nobody gives one; undefined where there is none (an indicator that is not listed). */
  readonly default: unknown;
  /** null is allowed and switches the block or limit off. */
  readonly nullable: boolean;
  /** Words that may stand instead, e.g. `auto`. */
  readonly words: readonly string[];
}

/** One control of the generated form; `path` and `default` come from the schema, so the form can never drift from it. */
export type Field = FieldHead &
  (
    | { readonly kind: 'number' | 'int'; readonly min: number; readonly max: number }
    | { readonly kind: 'enum'; readonly options: readonly string[] }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'text'; readonly maxLength: number }
    /** Fixed keys. */
    | { readonly kind: 'group'; readonly fields: readonly Field[] }
    /** One of several blocks told apart by `kind`. */
    | { readonly kind: 'choice'; readonly options: readonly FieldOption[] }
    /** Free names, each with a value of the same form (its path ends in `*`); `fields` are names with a meaning of their own. */
    | { readonly kind: 'map'; readonly pattern: string; readonly item: Field; readonly fields: readonly Field[] }
  );

interface FieldOption {
  readonly value: string;
  readonly title: string;
  readonly description: string;
  /** Without `kind` itself. */
  readonly fields: readonly Field[];
}

let built: readonly Field[] | undefined;

/** The form of the whole configuration: a group a cell, in the order of the page. */
export function configFields(): readonly Field[] {
  const root = configJsonSchema();
  const defaults = configSchema.parse({});
  built ??= Object.entries(root.properties ?? {}).map(([key, node]) => toField([key], node, valueAt(defaults, [key])));
  return built;
}

/** The fixed fields of one cell; those of the tasks in `loss` are the `item` of its field in configFields(). */
export function groupFields(group: string): readonly Field[] {
  const field = configFields().find(({ path }) => path[0] === group);
  return field?.kind === 'group' || field?.kind === 'map' ? field.fields : [];
}

/**
 * The fields of a map's entry under its real name, e.g. of `features.timeframes.1h`: `*` in their paths becomes the
 * name.
 */
export function entryFields(map: Field, name: string): readonly Field[] {
  if (map.kind !== 'map') return [];
  const { item } = map;
  const at = map.path.length;
  return (item.kind === 'group' ? item.fields : [item]).map((field) => rename(field, at, name));
}

function rename(field: Field, at: number, name: string): Field {
  const path = field.path.map((key, index) => (index === at ? name : key));
  const inner = (fields: readonly Field[]) => fields.map((other) => rename(other, at, name));
  if (field.kind === 'group') return { ...field, path, fields: inner(field.fields) };
  if (field.kind === 'map') {
    return { ...field, path, item: rename(field.item, at, name), fields: inner(field.fields) };
  }
  if (field.kind !== 'choice') return { ...field, path };
  return { ...field, path, options: field.options.map((option) => ({ ...option, fields: inner(option.fields) })) };
}

function toField(path: readonly string[], node: SchemaNode, fallback: unknown): Field {
  const members = alternatives(node);
  const words = members.flatMap((member) => (typeof member.const === 'string' ? [member.const] : []));
  const nullable = members.some(({ type }) => type === 'null' || (Array.isArray(type) && type.includes('null')));
  const forms = members.filter((member) => member.const === undefined && member.type !== 'null');
  const head = {
    path,
    title: node.title ?? titleOf(path[path.length - 1]),
    description: node.description ?? '',
    default: fallback,
    nullable,
    words,
  };
  const kinds = forms.map(kindOf);
  if (forms.length > 1 && kinds.every((kind) => typeof kind === 'string')) {
    const options = forms.map((form): FieldOption => {
      const value = String(kindOf(form));
      const known = ownValue(fallback, 'kind') === value ? fallback : {};
      const { title = titleOf(value), description = '' } = form;
      return { value, title, description, fields: fieldsOf(path, form, known) };
    });
    return { ...head, kind: 'choice', options };
  }
  return { ...head, ...controlOf(path, forms[0] ?? node, fallback) } as Field;
}

function controlOf(path: readonly string[], form: SchemaNode, fallback: unknown) {
  if (form.enum) return { kind: 'enum', options: form.enum.map(String) } as const;
  const type = typeof form.type === 'string' ? form.type : (form.type ?? []).find((name) => name !== 'null');
  switch (type) {
    case 'number':
    case 'integer':
      return {
        kind: type === 'integer' ? ('int' as const) : ('number' as const),
        min: form.minimum ?? -Number.MAX_SAFE_INTEGER,
        max: form.maximum ?? Number.MAX_SAFE_INTEGER,
      };
    case 'boolean':
      return { kind: 'boolean' as const };
    case 'object': {
      const { additionalProperties: item, propertyNames } = form;
      const fields = fieldsOf(path, form, fallback);
      if (!isMap(item)) return { kind: 'group' as const, fields };
      const pattern = propertyNames?.pattern ?? '';
      return { kind: 'map' as const, pattern, fields, item: toField([...path, '*'], item as SchemaNode, undefined) };
    }
    default:
      return { kind: 'text' as const, maxLength: form.maxLength ?? 1024 };
  }
}

function fieldsOf(path: readonly string[], form: SchemaNode, fallback: unknown): Field[] {
  return Object.entries(form.properties ?? {})
    .filter(([, node]) => node.const === undefined)
    .map(([key, node]) => toField([...path, key], node, ownValue(fallback, key) ?? node.default));
}

/** `learning_rate` → "Learning rate". */
function titleOf(key: string): string {
  return capitalise(key.replaceAll('_', ' '));
}
