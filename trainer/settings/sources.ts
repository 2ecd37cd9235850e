import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/error.ts';
import { type Setting, settings } from './setting.ts';
import { readSettingsFile, type SettingsFile } from './settings-file.ts';

/** A value, and where it comes from: `environment PORT`, the path of a file, or `default`. */
interface Found<Value> {
  readonly value: Value;
  readonly from: string;
}

/** Where settings come from: the environment, the file of the home, the file of the user, the default. */
interface Sources {
  /** Absolute path of the home. */
  readonly home: string;
  /** The files that are looked at, whether they are there or not; the first wins. */
  readonly files: readonly string[];
  /** @throws AppError invalid_config naming the variable, or the file and the key. */
  find<Value>(setting: Setting<Value>): Found<Value>;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
const fileName = 'almanac.yaml';

/** Reads the files; the environment alone and the user's file can say where the home is. */
export function openSources(env: NodeJS.ProcessEnv): Sources {
  const userFolder = env['HOME'] || env['USERPROFILE'] || null;
  const userConfig = env['XDG_CONFIG_HOME'] || (userFolder === null ? null : join(userFolder, '.config'));
  const userFile = userConfig === null ? [] : [readSettingsFile(join(userConfig, 'almanac', fileName))];

  function find<Value>(setting: Setting<Value>, files: readonly SettingsFile[]): Found<Value> {
    const { key, variable, expected } = setting;
    const refuse = (what: string, texts: readonly string[]) => {
      const given = setting.isSecret === true ? 'not one' : JSON.stringify(texts.join(', ').slice(0, 60));
      return new AppError('invalid_config', `${what} is ${given}; expected ${expected}.`);
    };
    const text = env[variable];
    if (text !== undefined && text !== '') {
      const texts = setting.split?.(text) ?? [text];
      const value = setting.parse(texts, { folder: resolve('.'), userFolder });
      if (value === undefined) throw refuse(variable, texts);
      return { value, from: `environment ${variable}` };
    }
    for (const { path, folder, texts } of files) {
      const given = texts.get(key);
      if (given === undefined) continue;
      const value = setting.parse(given, { folder, userFolder });
      if (value === undefined) throw refuse(`${path}: ${key}`, given);
      return { value, from: path };
    }
    return { value: setting.fallback, from: 'default' };
  }

  const home = find(settings.home, userFile).value ?? resolve(project);
  const users = userFile.map(({ path }) => path).join('');
  const homeFile = readSettingsFile(join(home, fileName), {
    home: `The file lies in the home itself; set it in ${users || 'the file of the user'}, or as ALMANAC_HOME.`,
  });
  const files = [homeFile, ...userFile];
  return {
    home,
    files: files.map(({ path }) => path),
    find: (setting) => find(setting, setting.key === 'home' ? userFile : files),
  };
}
