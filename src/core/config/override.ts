import { variants } from '#core/models/variant.ts';
import { resolveAlias } from './aliases.ts';
import { groups } from './config.ts';
import { OverrideSyntaxError, parseOverrideValue } from './override-value.ts';
import { closest } from './suggestion.ts';

/** One override of Hydra's grammar, read. */
export interface Override {
  /** set: `a=1`, the key is there; add: `+a=1`, it is not; force: `++a=1`, either; remove: `~a`. */
  readonly action: 'set' | 'add' | 'force' | 'remove';
  readonly path: readonly string[];
  /** The flat key it was written with, if any, e.g. `timeframes`. */
  readonly alias?: string;
  /** Absent for `~a`. */
  readonly value?: unknown;
}

const maxOverrideLength = 10_000;

const prefixes = [
  ['++', 'force'],
  ['+', 'add'],
  ['~', 'remove'],
  ['', 'set'],
] as const;

/** Reads one override such as `train.epochs=5`, `+features.timeframes.1h.rsi={}`, `~train.early_stopping`, `model=large`. */
export function parseOverride(
  text: string,
): { override: Override; message?: undefined } | { override?: undefined; message: string } {
  try {
    return { override: read(text) };
  } catch (error) {
    if (error instanceof OverrideSyntaxError) return { message: error.message };
    throw error;
  }
}

function read(text: string): Override {
  if (text.length > maxOverrideLength) {
    throw new OverrideSyntaxError(`expected at most ${maxOverrideLength} characters, received ${text.length}`);
  }
  const trimmed = text.trim();
  const [prefix, action] = prefixes.find(([start]) => trimmed.startsWith(start))!;
  const equals = findEquals(trimmed);
  const written = trimmed.slice(prefix.length, equals < 0 ? undefined : equals).trim();
  const path = readKey(written);
  if (equals < 0 && action !== 'remove') {
    throw new OverrideSyntaxError(`expected key=value, received ${JSON.stringify(trimmed)}; e.g. train.epochs=5`);
  }
  const value = equals < 0 ? undefined : parseOverrideValue(trimmed.slice(equals + 1));
  const resolved = resolveAlias(path);
  const alias = resolved === path ? undefined : path[0];
  if (action === 'remove') return { action, path: resolved, alias, ...(equals < 0 ? {} : { value }) };
  if (path.length === 1 && typeof value === 'string' && !alias) return groupOption(path[0], value, action);
  return { action, path: resolved, alias, value };
}

/** Where the value begins: at the first = outside of quotes, -1 where there is none. */
function findEquals(text: string): number {
  const key = /^(?:[^"'=]|"[^"]*"|'[^']*')*/.exec(text)?.[0].length ?? 0;
  return text[key] === '=' ? key : text.indexOf('=');
}

function readKey(written: string): readonly string[] {
  if (written.includes('@')) throw new OverrideSyntaxError('packages (key@package) are not supported');
  if (written.startsWith('hydra.') || written === 'hydra') {
    throw new OverrideSyntaxError(`settings of Hydra itself are not supported; the groups are ${groups.join(', ')}`);
  }
  const keys = [...written.matchAll(/(?:^|\.)(?:"([^"]{1,200})"|'([^']{1,200})'|([A-Za-z0-9_-]{1,64}))/g)];
  // A name of a file's column may hold anything and stands in quotes.
  const path = keys.map(([, double, single, plain]) => double ?? single ?? plain);
  const isWhole = keys.map(([key]) => key).join('') === written;
  if (!isWhole || path.length === 0 || path.includes('__proto__') || path.length > 16) {
    throw new OverrideSyntaxError(
      `expected a dotted key such as train.epochs, received ${JSON.stringify(written.slice(0, 80))}${quoteHint(written)}`,
    );
  }
  return path;
}

/** How the name of a column is written that is no plain key. */
function quoteHint(written: string): string {
  const [, name, key = ''] = /^features\.columns\.([^"']{1,80}?)(\.(?:transform|period))?$/.exec(written) ?? [];
  if (name === undefined) return '';
  return `; the name of a column stands in quotes, features.columns."${name}"${key}=…, in a shell with '…' around it all`;
}

/** `model=large`: the only group with options; they set the variant, never the architecture. */
function groupOption(group: string, option: string, action: Override['action']): Override {
  if (group === 'model') {
    if ((variants as readonly string[]).includes(option)) return { action, path: ['model', 'variant'], value: option };
    const meant = closest(option, variants);
    throw new OverrideSyntaxError(
      `expected model=${variants.join(', model=')}, received model=${option}` +
        (meant ? `; did you mean model=${meant}?` : '; the architecture is model.architecture=…'),
    );
  }
  if ((groups as readonly string[]).includes(group)) {
    throw new OverrideSyntaxError(
      `${group} has no options to choose from (only model has: ${variants.join(', ')}); set a key, ${group}.<key>=<value>`,
    );
  }
  return { action, path: [group], value: option };
}
