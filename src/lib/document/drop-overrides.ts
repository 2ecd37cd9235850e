import { compileConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { diffConfigs } from '#core/config/diff.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';

/**
 * The overrides that still hold after an edit: one on a key that the edit itself changed goes, else it would silently
 * win over what the person has just typed.
 */
export function withoutOverrides(overrides: readonly string[], before: string, after: string): readonly string[] {
  if (overrides.length === 0) return overrides;
  const [old, next] = [before, after].map((text) => compileConfig({ cells: cellValues(parseNotebook(text)) }).config);
  if (!old || !next) return overrides;
  const changed = Object.keys(diffConfigs(toFile(old), toFile(next)));
  return overrides.filter((override) => !changed.some((key) => touches(keyOf(override), key)));
}

function keyOf(override: string): string {
  const key = override
    .replace(/^(\+\+|\+|~)/, '')
    .split('=')[0]
    .replaceAll(/["']/g, '')
    .trim();
  return key === 'model' ? 'model.variant' : key;
}

function touches(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
