import { type Group, groups } from '#core/config/config.ts';
import { closest } from '#core/config/suggestion.ts';

/** Languages whose code might stand in a cell, as `json train` does; of other languages `data` is just a word. */
const dataLanguages = ['yaml', 'yml', 'json', 'jsonc', 'json5', 'toml', 'ini'];

const isGroup = (word: string): word is Group => (groups as readonly string[]).includes(word);

/**
 * The kind of cell that an info string declares. `yaml train` declares one, and so does every other way to write the
 * same: `yml`, capitals, the braces of Quarto and Pandoc (`{yaml train}`, `{yaml} train`, `{.yaml .train}`).
 */
export function declaredKind(info: string): Group | undefined {
  const [language, word, ...more] = wordsOf(info);
  return isYaml(language) && more.length === 0 && word !== undefined && isGroup(word) ? word : undefined;
}

/** What to write where an info string declares no cell and was probably meant to; undefined for other code. */
export function meantKind(info: string): string | undefined {
  const words = wordsOf(info);
  const [language, word] = words;
  // `yaml title="x.yml"`, `yaml {linenos=true}`: attributes that other tools read.
  if (declaredKind(info) || (isYaml(language) && (word === undefined || word.includes('=')))) return undefined;
  const parts = words.flatMap((part) => part.split(/[:,;/|._-]+/)).filter(Boolean);
  const kind = parts.find(isGroup);
  if (isYaml(language) || isMisspeltYaml(parts[0] ?? '')) {
    const meant = kind ?? closest(parts[1] ?? '', groups);
    if (meant) return `did you mean "yaml ${meant}"?`;
    return isYaml(language) ? `the kinds are ${groups.join(', ')}` : undefined;
  }
  const isData = parts.length === 1 || dataLanguages.includes(parts[0]);
  return kind !== undefined && isData ? `did you mean "yaml ${kind}"?` : undefined;
}

function wordsOf(info: string): readonly string[] {
  // Pandoc writes a class with a dot before it.
  const bare = (word: string) => word.replace(/^\.(?=\w)/, '');
  return info.replaceAll(/[{}]/g, ' ').trim().toLowerCase().split(/\s+/).map(bare);
}

function isYaml(language: string): boolean {
  return language === 'yaml' || language === 'yml';
}

function isMisspeltYaml(word: string): boolean {
  return word.startsWith('y') && !dataLanguages.includes(word) && closest(word, ['yaml', 'yml']) !== undefined;
}
