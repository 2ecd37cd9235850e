import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMap } from '#core/config/document.ts';
import { closest } from '#core/config/suggestion.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { AppError } from '#core/error.ts';
import { type Setting, settings } from './setting.ts';

/** An `almanac.yaml`: the texts that stand at each key. */
export interface SettingsFile {
  readonly path: string;
  readonly folder: string;
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

const known: readonly Setting[] = Object.values(settings);
const maxBytes = 100_000;

/**
 * Reads a settings file; one that is not there sets nothing.
 * @param refused keys that may not stand in this file, each with what to do instead.
 * @throws AppError invalid_config naming file and key, what was expected, what came and what was meant.
 */
export function readSettingsFile(path: string, refused: Readonly<Record<string, string>> = {}): SettingsFile {
  const fail = (why: string) => new AppError('invalid_config', `${path}: ${why}`);
  const text = readText(path, fail);
  const { value, issues } = parseYaml(text);
  if (issues.length > 0) {
    const [{ line, column, message }] = issues;
    throw new AppError('invalid_config', `${path}:${line}:${column}: this is not YAML: ${message}`);
  }
  if (value !== null && !isMap(value)) throw fail('expected lines of key: value, e.g. port: 4317.');
  const texts = new Map<string, readonly string[]>();
  for (const [key, given] of Object.entries(value ?? {})) {
    const setting = known.find((one) => one.key === key);
    if (setting === undefined) throw fail(explainUnknown(key));
    if (refused[key] !== undefined) throw fail(`${key} cannot stand here. ${refused[key]}`);
    // An empty value is one that is not set, as an empty variable is.
    if (given === null || given === '') continue;
    const list = setting.split !== undefined && Array.isArray(given) ? given : [given];
    const scalars = list.filter((item) => ['string', 'number', 'boolean'].includes(typeof item));
    if (scalars.length < list.length) throw fail(`${key} is ${shorten(given)}; expected ${setting.expected}.`);
    if (list.length > 0) texts.set(key, scalars.map(String));
  }
  return { path, folder: dirname(path), texts };
}

function readText(path: string, fail: (why: string) => AppError): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= maxBytes) return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw fail(`this file of settings cannot be read (${code}). Check its permissions.`);
  }
  throw fail(`expected a file of settings, ${maxBytes} characters at most.`);
}

function explainUnknown(key: string): string {
  const keys = known.map((setting) => setting.key);
  const byVariable = known.find((setting) => setting.variable.toLowerCase() === key.toLowerCase());
  const meant = byVariable?.key ?? closest(key, keys);
  return `${shorten(key)} is no setting; ${meant === undefined ? `known are ${keys.join(', ')}.` : `did you mean ${meant}?`}`;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
