import { randomBytes } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineNames, type EngineName } from '#core/engines/registry.ts';
import { AppError } from '#core/error.ts';

/** The settings of CONTRACT 7, read once at start. */
export interface Settings {
  /** Port of the web app: its origin is one of ours. */
  readonly port: number;
  /** Port of the sidecar; 0 lets the system choose one. */
  readonly trainerPort: number;
  readonly host: string;
  readonly home: string;
  readonly notebooks: string;
  readonly runs: string;
  /** Absolute folders in which data may lie besides `notebooks`. */
  readonly dataDirs: readonly string[];
  /** Engine that `engine: auto` stands for in every new run; null leaves the choice to the probe. */
  readonly engine: EngineName | null;
  /** Runs at once; null is one a device. */
  readonly concurrency: number | null;
  /** Asked of every request; null on loopback. */
  readonly token: string | null;
  /** True where the token was made up at this start and must be shown once. */
  readonly tokenIsNew: boolean;
}

const project = fileURLToPath(new URL('..', import.meta.url));
const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

function readPort(env: NodeJS.ProcessEnv, name: string, fallback: number, minimum: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value < 65_536) return value;
  throw new AppError('invalid_config', `${name} is "${text}"; expected a port from ${Math.max(1, minimum)} to 65535.`);
}

function readEngine(text: string | undefined): EngineName | null {
  if (text === undefined || text === '' || text === 'auto') return null;
  const engine = engineNames.find((name) => name === text);
  if (engine !== undefined) return engine;
  throw new AppError('invalid_config', `ALMANAC_ENGINE is "${text}"; expected auto, ${engineNames.join(', ')}.`);
}

function readConcurrency(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value;
  throw new AppError('invalid_config', `ALMANAC_CONCURRENCY is "${text}"; expected a whole number from 1 to 64.`);
}

/**
 * Settings from environment variables.
 * @throws AppError invalid_config naming the variable, what it is and what was expected.
 */
export function readSettings(
  env: NodeJS.ProcessEnv = process.env,
  random: () => string = () => randomBytes(24).toString('base64url'),
): Settings {
  const host = env['HOST'] || '127.0.0.1';
  const home = resolve(env['ALMANAC_HOME'] || project);
  const given = env['ALMANAC_TOKEN'] || null;
  const needsToken = !loopback.has(host);
  return {
    port: readPort(env, 'PORT', 4317, 1),
    trainerPort: readPort(env, 'TRAINER_PORT', 4318, 0),
    host,
    home,
    notebooks: join(home, 'notebooks'),
    runs: join(home, 'runs'),
    dataDirs: (env['ALMANAC_DATA_DIRS'] ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => resolve(folder)),
    engine: readEngine(env['ALMANAC_ENGINE']),
    concurrency: readConcurrency(env['ALMANAC_CONCURRENCY']),
    token: needsToken ? (given ?? random()) : null,
    tokenIsNew: needsToken && given === null,
  };
}
