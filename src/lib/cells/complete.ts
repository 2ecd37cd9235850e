import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import { type Field, groupFields, configFields, entryFields } from '#core/config/fields.ts';
import type { Group } from '#core/config/config.ts';

/**
 * Completion of keys and values in a cell's YAML, from the schema: by indentation, so that it works in a half-typed line.
 * `columns` are the columns of the file that may become features.
 */
export function completeCell(group: Group, columns: () => readonly string[] = () => []): CompletionSource {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const word = /[\w.-]*$/.exec(before)?.[0] ?? '';
    if (word === '' && !context.explicit) return null;
    const path = pathAbove(context.state.doc.toString(), line.number, before);
    if (group === 'features' && path.join('.') === 'columns' && /^[^:{]*$/.test(before)) {
      const from = line.from + before.length - before.trimStart().length;
      return { from, options: columns().map(columnOption), validFor: /^[^:]*$/ };
    }
    const value = /^\s*([\w.-]+)\s*:\s*[\w.-]*$/.exec(before);
    const fields = fieldsAt(group, path);
    const options = value
      ? valuesOf(fields.find((field) => field.path.at(-1) === value[1]))
      : fields.map((field) => keyOption(field));
    return options.length > 0 ? { from: context.pos - word.length, options, validFor: /^[\w.-]*$/ } : null;
  };
}

/** Keys of the maps around a line, outermost first: of each smaller indentation above it, the nearest. */
function pathAbove(text: string, line: number, before: string): readonly string[] {
  const lines = text.split('\n');
  let indent = /^ */.exec(before)?.[0].length ?? 0;
  const path: string[] = [];
  for (let at = line - 2; at >= 0 && indent > 0; at--) {
    const match = /^( *)(?:"([^"]+)"|'([^']+)'|([^\s"'#:-][^:#]*))\s*:\s*(?:#.*)?$/.exec(lines[at] ?? '');
    if (!match || match[1].length >= indent) continue;
    path.unshift(match.slice(2).find(Boolean) ?? '');
    indent = match[1].length;
  }
  const flow = /^\s*([\w.-]+)\s*:\s*\{[^}]*$/.exec(before);
  return flow ? [...path, flow[1]] : path;
}

/** The fields that may stand at a path below a group. */
function fieldsAt(group: Group, path: readonly string[]): readonly Field[] {
  const root = configFields().find((field) => field.path[0] === group);
  let fields = root?.kind === 'map' ? [] : groupFields(group);
  let map = root?.kind === 'map' ? root : undefined;
  for (const key of path) {
    const field: Field | undefined = map ? entryFields(map, key)[0] : fields.find((one) => one.path.at(-1) === key);
    if (map && map.item.kind === 'group') {
      fields = entryFields(map, key);
      map = undefined;
      continue;
    }
    map = field?.kind === 'map' ? field : undefined;
    fields = !field ? [] : field.kind === 'group' ? field.fields : field.kind === 'choice' ? choiceFields(field) : [];
  }
  return fields;
}

function choiceFields(field: Extract<Field, { kind: 'choice' }>): readonly Field[] {
  const { path, options } = field;
  const kind: Field = {
    path: [...path, 'kind'],
    title: 'Kind',
    description: '',
    default: options[0]?.value,
    nullable: false,
    words: [],
    kind: 'enum',
    options: options.map((option) => option.value),
  };
  const all = options.flatMap((option) => option.fields);
  return [
    kind,
    ...all.filter((one, index) => all.findIndex((other) => other.path.at(-1) === one.path.at(-1)) === index),
  ];
}

function keyOption(field: Field): Completion {
  const key = field.path.at(-1) ?? '';
  return {
    label: key,
    apply: `${key}: `,
    type: 'property',
    detail: rangeOf(field),
    info: field.description || undefined,
  };
}

/** A column by its name, which may hold what YAML reads otherwise. */
function columnOption(name: string): Completion {
  const isPlain = /^[A-Za-z_][\w.-]*(?: [\w.-]+)*$/.test(name) && !/^(?:true|false|null)$/i.test(name);
  return { label: name, apply: `${isPlain ? name : JSON.stringify(name)}: {transform: z}`, type: 'property' };
}

function rangeOf(field: Field): string {
  if (field.kind === 'number' || field.kind === 'int') return `${field.min} … ${field.max}`;
  return field.kind === 'enum' ? field.options.join(' | ') : field.kind;
}

function valuesOf(field: Field | undefined): readonly Completion[] {
  if (!field) return [];
  const words = [
    ...(field.kind === 'enum' ? field.options : []),
    ...(field.kind === 'boolean' ? ['true', 'false'] : []),
    ...field.words,
    ...(field.nullable ? ['null'] : []),
  ];
  return words.map((label) => ({ label, type: 'constant' }));
}
