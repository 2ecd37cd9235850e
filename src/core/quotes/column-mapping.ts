import type { DataConfig } from '#core/config/data.ts';
import { closest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import type { RawTable } from '#core/table/table.ts';
import { plainName } from './column-names.ts';

/** `data.columns`: which column is what, by name or as `#3`. */
export type ColumnNames = DataConfig['columns'];

/** Indices of the columns that `data.columns` names. */
export interface ColumnMapping extends Partial<Record<'open' | 'high' | 'low' | 'close' | 'volume', number>> {
  readonly time?: readonly [number] | readonly [number, number];
}

const listed = 30;

/**
 * Finds the columns that `data.columns` names: by the exact name, then without regard to case and blanks around it,
 * then as `#3`, the third column.
 * @throws AppError invalid_config at `data.columns.<part>`, naming the columns there are
 */
export function readMapping(table: RawTable, columns: ColumnNames): ColumnMapping {
  const mapping: { time?: [number] | [number, number] } & Partial<Record<string, number>> = {};
  const { time, ...others } = columns;
  if (typeof time === 'string') mapping.time = [findNamed(table, time, 'time')];
  else if (time) mapping.time = [findNamed(table, time[0], 'time'), findNamed(table, time[1], 'time')];
  for (const [part, name] of Object.entries(others)) mapping[part] = findNamed(table, name, part);
  return mapping;
}

/** A column as `data.columns` names it: by its name where it has one of its own, else as `#3`. */
export function columnLabel({ names }: Pick<RawTable, 'names'>, index: number): string {
  const name = names?.[index] ?? '';
  return name === '' || names!.indexOf(name) !== names!.lastIndexOf(name) ? `#${index + 1}` : name;
}

/** Names of all columns as a person finds them in the file, quoted, for messages. */
export function listColumns(table: RawTable): string {
  const labels = table.columns.slice(0, listed).map((_, index) => {
    const name = table.names?.[index] ?? '';
    if (name === '') return `#${index + 1}`;
    const label = columnLabel(table, index);
    return label === name ? quote(name) : `${quote(name)} (${label})`;
  });
  return labels.join(', ') + (table.columns.length > listed ? ` and ${table.columns.length - listed} more` : '');
}

/** A name in a message. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}

/** A text as YAML has it within braces. */
export function yamlText(text: string): string {
  return /^[\p{L}_][\p{L}\p{N}_ .*%/-]*$/u.test(text) && !/^(?:true|false|null|y|n|yes|no|on|off)$|\s$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function findNamed(table: RawTable, name: string, part: string): number {
  const found = columnsNamed(table, name);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const places = found.map((index) => `#${index + 1}`).join(', ');
    throw refusal(part, `${table.name} has ${found.length} columns ${quote(name)}: expected one of ${places}`);
  }
  const meant = closest(name, (table.names ?? []).filter(Boolean));
  const hint = meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
  const there = table.names ? listColumns(table) : `no header; #1 to #${table.columns.length} name its columns`;
  throw refusal(part, `${table.name} has no column ${quote(name)}${hint}; it has ${there}`);
}

/**
 * Columns of a name: of exactly that, else without regard to case and blanks around it, else of the name that the file
 * has before its instrument is split off (`ACME.Close`), else the third for `#3`.
 */
export function columnsNamed({ names: given, instruments, columns }: RawTable, name: string): readonly number[] {
  const names = given ?? [];
  const loose = (text: string): string => text.trim().toLowerCase();
  const exact = indicesOf(names, (other) => other === name);
  const found = exact.length > 0 ? exact : indicesOf(names, (other) => loose(other) === loose(name));
  if (found.length > 0) return found;
  const whole = indicesOf(names, (other, index) => {
    const instrument = instruments?.[index] ?? null;
    return instrument !== null && [instrument + other, other + instrument].some((both) => isAlike(both, name));
  });
  if (whole.length > 0) return whole;
  const place = /^#(\d{1,6})$/.exec(name.trim());
  const index = place ? Number(place[1]) - 1 : -1;
  return index >= 0 && index < columns.length ? [index] : [];
}

function indicesOf(names: readonly string[], test: (name: string, index: number) => boolean): number[] {
  return names.flatMap((name, index) => (name !== '' && test(name, index) ? [index] : []));
}

function isAlike(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}

function refusal(part: string, message: string): AppError {
  const path = `data.columns.${part}`;
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}
