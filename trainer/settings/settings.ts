import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TlsFiles } from '#access/tls-files.ts';
import type { EngineName } from '#core/engines/registry.ts';
import { AppError } from '#core/error.ts';
import { toAuthority } from '#core/guard/authority.ts';
import { callableHost, isLoopback } from '#core/guard/listening.ts';
import { type Origin, parseOrigin } from '#core/guard/origin.ts';
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
  /** Folder of the cache. */
  readonly cache: string;
  /** Bytes that it may hold; 0: it is switched off. */
  readonly cacheLimit: number;
  /** Engine that `engine: auto` stands for in every new run; null leaves the choice to the probe. */
  readonly engine: EngineName | null;
  /** Runs at once; null is one a device. */
  readonly concurrency: number | null;
  /** Whether a start queues the runs that a shutdown interrupted. */
  readonly resume: 'ask' | 'auto';
  /** Addresses that are told of a run that has ended or stalled, and the hosts that they may lead to. */
  readonly webhook: { readonly hooks: readonly URL[]; readonly hosts: readonly string[] };
  /** Where a proxy in front of us is reached. */
  readonly origins: readonly Origin[];
  /** Paths of certificate and key; null where both servers speak plain http. */
  readonly tls: TlsFiles | null;
  /** Asked of every request; null where everybody on this machine may call: on loopback, with no token set. */
  readonly token: string | null;
  /** Lets look and change nothing; null where there is none. */
  readonly readToken: string | null;
  /** True where the token was made up at this start and must be shown once. */
  readonly tokenIsNew: boolean;
  /** The token that was set: what a client of this home shows. */
  readonly givenToken: string | null;
  /** Variables that engines read, where a file set them: whoever starts an engine puts them into its environment. */
  readonly engineVariables: Readonly<Record<string, string>>;
}

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
  const readToken = find(all.readToken).value;
  const origins = find(all.origin).value.flatMap((text) => parseOrigin(text) ?? []);
  if (givenToken !== null && givenToken === readToken) {
    throw new AppError(
      'invalid_config',
      'ALMANAC_READ_TOKEN is ALMANAC_TOKEN; expected another, which lets look only.',
    );
  }
  // A proxy brings strangers to loopback; and who may only look is told from the others by what they show.
  const isBeyond = !isLoopback(host) || origins.some((origin) => !isLoopback(origin.host));
  const needsToken = isBeyond || givenToken !== null || readToken !== null;
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
    cache: find(all.cache).value ?? join(home, 'runs', '.cache'),
    cacheLimit: find(all.cacheLimit).value * 1024 ** 3,
    engine: engine === 'auto' ? null : engine,
    concurrency: find(all.concurrency).value,
    resume: find(all.resume).value,
    webhook: allowHooks(find(all.webhook).value, find(all.webhookHosts).value),
    origins,
    tls: pairTls(find(all.tlsCert).value, find(all.tlsKey).value),
    readToken,
    token: needsToken ? (givenToken ?? random()) : null,
    tokenIsNew: needsToken && givenToken === null,
    givenToken,
    engineVariables: Object.fromEntries(ofEngines),
  };
}

function allowHooks(texts: readonly string[], hosts: readonly string[]): Settings['webhook'] {
  const hooks = texts.map((text) => new URL(text));
  const stranger = hooks.find(({ host }) => hosts.length > 0 && !hosts.includes(host));
  if (stranger === undefined) return { hooks, hosts };
  throw new AppError(
    'invalid_config',
    `ALMANAC_WEBHOOK calls ${stranger.host}, and ALMANAC_WEBHOOK_HOSTS allows ${hosts.join(', ')}; expected one of them, or ${stranger.host} among them.`,
  );
}

function pairTls(cert: string | null, key: string | null): TlsFiles | null {
  if (cert !== null && key !== null) return { cert, key };
  if (cert === null && key === null) return null;
  const [given, missing] =
    cert === null ? ['ALMANAC_TLS_KEY', 'ALMANAC_TLS_CERT'] : ['ALMANAC_TLS_CERT', 'ALMANAC_TLS_KEY'];
  throw new AppError('invalid_config', `${given} is set and ${missing} is not; https needs both files.`);
}

/** Where a program of this machine calls the server on this port: `http://127.0.0.1:4318`. */
export function localUrl({ host, tls }: Pick<Settings, 'host' | 'tls'>, port: number): string {
  return `${tls === null ? 'http' : 'https'}://${toAuthority(callableHost(host), port)}`;
}
