import type { Field } from '#core/config/fields.ts';

/** A value as the text of its field; nothing for null. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type ParsedField = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/**
 * What a field's text means: undefined = the default (an empty field), null where the field may be off, a number or a
 * word where it takes one. Not ok = not (yet) any of these.
 */
export function parseField(field: Field, text: string): ParsedField {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: field.nullable ? null : undefined };
  if (field.words.includes(trimmed)) return { ok: true, value: trimmed };
  if (field.kind !== 'number' && field.kind !== 'int') return { ok: true, value: text };
  const number = Number(trimmed.replace(/^\+/, ''));
  return Number.isFinite(number) && !/[-+e.]$/i.test(trimmed) ? { ok: true, value: number } : { ok: false };
}

/** " · 8 to 4096" for numbers with a range, " · auto" for words. */
export function rangeWords(field: Field): string {
  const words = field.words.length > 0 ? ` · or ${field.words.join(', ')}` : '';
  if (field.kind !== 'number' && field.kind !== 'int') return words;
  return ` · ${field.min} to ${field.max}${words}`;
}
