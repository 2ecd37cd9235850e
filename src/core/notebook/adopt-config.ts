import { compileConfig } from '#core/config/compile.ts';
import { groups } from '#core/config/config.ts';
import { completeFile, toFile } from '#core/config/config-file.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { type Document, isMap, ownValue } from '#core/config/document.ts';
import { writeYaml } from '#core/config/yaml.ts';
import { setCellText, setValue } from './edit.ts';
import { cellValues, findCell, findObstacle } from './notebook.ts';
import { parseNotebook } from './parse.ts';

/**
 * The notebook with cells that come to a whole configuration, given in the form of files: keys that say so already, those
 * left to their defaults and all comments beside them stay. A cell that cannot be changed in part is written anew.
 */
export function adoptConfig(text: string, config: Document): string {
  const wanted = completeFile(config);
  const edited = groups.reduce((before, group) => {
    const notebook = parseNotebook(before);
    const own = configOf(before)[group];
    if (isSame(own, wanted[group]) || findObstacle(notebook, group)) return before;
    const written = findCell(notebook, group)?.value ?? {};
    return setValue(before, group, [], toWritten(written, own, wanted[group]));
  }, text);
  return groups.reduce((before, group) => {
    if (isSame(configOf(before)[group], wanted[group])) return before;
    return setCellText(before, group, writeYaml(wanted[group]));
  }, edited);
}

/** What the cells of a notebook come to, each by itself; one that cannot be read is left out. */
function configOf(text: string): Document {
  const cells = cellValues(parseNotebook(text));
  const { config } = compileConfig({ cells });
  return config ? { ...toFile(config) } : {};
}

/** What is to be written so that what came to `before` comes to `after`: what does not differ stays as it is written. */
function toWritten(written: unknown, before: unknown, after: unknown): unknown {
  if (!isMap(after) || !isMap(before)) return after;
  const entries = Object.keys(after).flatMap((key) => {
    const said = ownValue(written, key);
    if (isSame(before[key], after[key])) return said === undefined ? [] : [[key, said]];
    return [[key, toWritten(said, before[key], after[key])]];
  });
  return Object.fromEntries(entries);
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}
