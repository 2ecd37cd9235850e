import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EngineName } from '#core/engines/registry.ts';
import { type Setting, settings as all } from './setting.ts';
import { openSources } from './sources.ts';

/** All settings, read once at start; `almanac config` shows where each comes from. */
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
  /** Whether a start queues the runs that a shutdown interrupted. */
  readonly resume: 'ask' | 'auto';
  /** Asked of every request; null on loopback. */
  readonly token: string | null;
  /** True where the token was made up at this start and must be shown once. */
  readonly tokenIsNew: boolean;
  /** The token that was set, asked for here or not: a client shows it to a sidecar that listens elsewhere. */
  readonly givenToken: string | null;
  /** Variables that engines read, where a file set them: whoever starts an engine puts them into its environment. */
  readonly engineVariables: Readonly<Record<string, string>>;
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/**
 * Settings from environment variables, else from `almanac.yaml` in the home, else from that of the user.
 * @throws AppError invalid_config naming the variable or the file, what it is and what was expected.
 */
export function readSettings(
  env: NodeJS.ProcessEnv = process.env,
  random: () => string = () => randomBytes(24).toString('base64url'),
): Settings {
  const { home, find } = openSources(env);
  const host = find(all.host).value;
  const engine = find(all.engine).value;
  const givenToken = find(all.token).value;
  const needsToken = !loopback.has(host);
  const ofEngines = [all.threads, all.gpuAdapter, all.native].flatMap((setting: Setting<string | null>) => {
    const { value, from } = find(setting);
    return value === null || from.startsWith('environment ') ? [] : [[setting.variable, value]];
  });
  return {
    port: find(all.port).value,
    trainerPort: find(all.trainerPort).value,
    host,
    home,
    notebooks: join(home, 'notebooks'),
    runs: join(home, 'runs'),
    dataDirs: find(all.dataDirs).value,
    engine: engine === 'auto' ? null : engine,
    concurrency: find(all.concurrency).value,
    resume: find(all.resume).value,
    token: needsToken ? (givenToken ?? random()) : null,
    tokenIsNew: needsToken && givenToken === null,
    givenToken,
    engineVariables: Object.fromEntries(ofEngines),
  };
}
