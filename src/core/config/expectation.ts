import { alternatives, kindOf, type SchemaNode } from './json-schema.ts';

/** A number as a person writes it: 0.000001 as 1e-6, 2147483647 with separators. */
function numeral(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) >= 10_000) return value.toLocaleString('en-US');
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** What a value at this place must be, in words: "a whole number from 1 to 10,000", "one of open, close". */
export function expectation(node: SchemaNode): string {
  const members = alternatives(node);
  if (members.length > 1) {
    const kinds = members.map(kindOf);
    if (kinds.every((kind) => kind !== undefined)) return `a map with kind: one of ${kinds.join(', ')}`;
    return members.map(expectation).join(' or ');
  }
  const [form] = members;
  if (form.const !== undefined) return String(form.const);
  if (form.enum) return form.enum.length === 1 ? String(form.enum[0]) : `one of ${form.enum.join(', ')}`;
  const types = typeof form.type === 'string' ? [form.type] : (form.type ?? []);
  return types.map((type) => describeType(type, form)).join(' or ') || 'a value';
}

function describeType(type: string, { minimum, maximum, minLength, maxLength }: SchemaNode): string {
  switch (type) {
    case 'integer':
    case 'number': {
      const noun = type === 'integer' ? 'a whole number' : 'a number';
      const from = minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER ? ` from ${numeral(minimum)}` : '';
      const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? ` to ${numeral(maximum)}` : '';
      return noun + from + to;
    }
    case 'string':
      return `text${minLength ? ` of at least ${minLength}` : ''}${maxLength ? `${minLength ? ' and' : ' of'} at most ${maxLength} characters` : ''}`;
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'a map';
    case 'array':
      return 'a list';
    default:
      return type;
  }
}

/** A received value, short enough for a message. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    return keys.length === 0
      ? 'an empty map'
      : `a map with ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`;
  }
  return String(value);
}
