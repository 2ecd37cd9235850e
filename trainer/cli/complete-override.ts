import { configFields, type Field } from '#core/config/fields.ts';
import { isMap } from '#core/config/document.ts';
import { variants } from '#core/models/variant.ts';
import type { Candidate } from './candidate.ts';

/** Overrides that may come of this beginning: keys of the configuration a level at a time, then the values of one. */
export function completeOverride(current: string): readonly Candidate[] {
  const [, prefix, written] = /^(\+\+|\+|~|)(.*)$/s.exec(current) ?? ['', '', current];
  const equals = written.indexOf('=');
  if (equals >= 0) {
    const key = written.slice(0, equals);
    const values = key === 'model' ? variants : valuesOf(key.split('.'));
    return values.map((value) => ({ value: `${prefix}${key}=${value}`, what: '' }));
  }
  const path = written.split('.').slice(0, -1);
  const keys = childrenOf(path).map(({ key, what, goesOn }) => {
    const dotted = [...path, key].join('.');
    // ~ takes a key away, whatever is in it.
    return { value: `${prefix}${dotted}${goesOn ? '.' : prefix === '~' ? '' : '='}`, what };
  });
  return path.length > 0 || prefix !== '' ? keys : [...keys, { value: 'model=', what: `Size: ${variants.join(', ')}` }];
}

interface Child {
  readonly key: string;
  readonly what: string;
  /** Keys stand below it. */
  readonly goesOn: boolean;
  /** Absent for `kind`, which tells the forms of a block apart. */
  readonly field?: Field;
  readonly options?: readonly string[];
}

/** What may stand at one level: known keys, and what an entry of a free name is. */
interface Level {
  readonly children: readonly Child[];
  readonly item?: Field;
}

/** Free names that people use, by the key of their map. */
const usual: Readonly<Record<string, readonly string[]>> = {
  'features.timeframes': ['1m', '5m', '15m', '1h', '4h', '1d'],
};

function childrenOf(path: readonly string[]): readonly Child[] {
  let level: Level = { children: configFields().map(toChild) };
  for (const key of path) {
    const field = level.children.find((child) => child.key === key)?.field ?? level.item;
    if (field === undefined) return [];
    level = inside(field);
  }
  return level.children;
}

function inside(field: Field): Level {
  switch (field.kind) {
    case 'group':
      return { children: field.fields.map(toChild) };
    case 'map': {
      const { item } = field;
      const names = usual[field.path.join('.')] ?? (isMap(field.default) ? Object.keys(field.default) : []);
      const free = names.map((key) => ({ ...toChild(item), key, what: item.description }));
      return { children: [...field.fields.map(toChild), ...free], item };
    }
    case 'choice': {
      const all = field.options.flatMap(({ fields }) => fields).map(toChild);
      const once = all.filter(({ key }, index) => all.findIndex((other) => other.key === key) === index);
      const options = field.options.map(({ value }) => value);
      return { children: [{ key: 'kind', what: field.title, goesOn: false, options }, ...once] };
    }
    default:
      return { children: [] };
  }
}

function toChild(field: Field): Child {
  const goesOn = field.kind === 'group' || field.kind === 'map' || field.kind === 'choice';
  return { key: field.path.at(-1) ?? '', what: field.description || field.title, goesOn, field };
}

function valuesOf(path: readonly string[]): readonly string[] {
  const child = childrenOf(path.slice(0, -1)).find(({ key }) => key === path.at(-1));
  if (child?.field === undefined) return child?.options ?? [];
  const { field } = child;
  const own = field.kind === 'enum' ? field.options : field.kind === 'boolean' ? ['true', 'false'] : [];
  return [...own, ...field.words, ...(field.nullable ? ['null'] : [])];
}
