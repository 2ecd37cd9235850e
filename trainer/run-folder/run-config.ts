import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#core/config/config.ts';
import { parseConfig } from '#core/config/config-file.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { AppError } from '#core/error.ts';

/** Reads the frozen, resolved `config.yaml` of a run. Throws invalid_config where it is missing or not one. */
export async function readRunConfig(runFolder: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(join(runFolder, 'config.yaml'), 'utf8');
  } catch (cause) {
    throw new AppError('invalid_config', 'The run folder has no config.yaml that can be read.', { cause });
  }
  const { value, issues: faults } = parseYaml(text);
  const { config, issues } = parseConfig(value);
  if (faults.length === 0 && config) return config;
  const found = [...faults.map(({ message }) => ({ path: '', message })), ...issues];
  const first = found[0];
  throw new AppError(
    'invalid_config',
    `config.yaml of the run is not a resolved configuration: ${first.path ? `${first.path}: ` : ''}${first.message}`,
    { issues: found },
  );
}
