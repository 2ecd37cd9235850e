import { delimiter, isAbsolute, resolve } from 'node:path';
import { type EngineName, engineNames } from '#core/engines/registry.ts';
import { isToken, shortestToken } from '#core/guard/credential.ts';
import { parseOrigin } from '#core/guard/origin.ts';

/** Where relative paths of a value begin, and what `~` stands for. */
interface Place {
  readonly folder: string;
  readonly userFolder: string | null;
}

/** One setting: its key in `almanac.yaml`, its variable in the environment, and what it may be. */
export interface Setting<Value = unknown> {
  readonly key: string;
  readonly variable: string;
  readonly fallback: Value;
  readonly expected: string;
  /** What it decides, for `almanac config`. */
  readonly sentence: string;
  /** Where it takes a list: how the text of its variable is split. */
  readonly split?: (text: string) => readonly string[];
  /** Its value is shown to nobody. */
  readonly isSecret?: boolean;
  /** The value of these texts, one at least; undefined where they say none. */
  parse(texts: readonly string[], place: Place): Value | undefined;
}

/** A list as in PATH. */
function splitPath(text: string): readonly string[] {
  return text.split(delimiter).filter((part) => part !== '');
}

/** A list of words, with commas or without. */
function splitWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

function toPath(path: string, { folder, userFolder }: Place): string {
  const whole = /^~(?=$|[\\/])/.test(path) && userFolder !== null ? userFolder + path.slice(1) : path;
  return isAbsolute(whole) ? resolve(whole) : resolve(folder, whole);
}

const port: Setting<number> = {
  key: 'port',
  variable: 'PORT',
  fallback: 4317,
  expected: 'a port from 1 to 65535',
  sentence: 'Port of the page',
  parse: ([text]) => wholeNumber(text, 1, 65_535),
};

const trainerPort: Setting<number> = {
  key: 'trainer_port',
  variable: 'TRAINER_PORT',
  fallback: 4318,
  expected: 'a port from 1 to 65535',
  sentence: 'Port of the API',
  // 0 lets the system choose one, for tests.
  parse: ([text]) => wholeNumber(text, 0, 65_535),
};

const host: Setting<string> = {
  key: 'host',
  variable: 'HOST',
  fallback: '127.0.0.1',
  expected: 'an address of this machine',
  sentence: 'Address that both listen on, 0.0.0.0 for all; beyond loopback a token is asked for',
  parse: ([text]) => text,
};

const home: Setting<string | null> = {
  key: 'home',
  variable: 'ALMANAC_HOME',
  fallback: null,
  expected: 'a folder',
  sentence: 'Folder of notebooks/ and runs/; by default that of the program',
  parse: ([path], place) => toPath(path, place),
};

const dataDirs: Setting<readonly string[]> = {
  key: 'data_dirs',
  variable: 'ALMANAC_DATA_DIRS',
  fallback: [],
  expected: 'a list of folders',
  sentence: 'Folders in which data may lie besides notebooks/',
  split: splitPath,
  parse: (paths, place) => paths.map((path) => toPath(path, place)),
};

const engine: Setting<EngineName | 'auto'> = {
  key: 'engine',
  variable: 'ALMANAC_ENGINE',
  fallback: 'auto',
  expected: `auto, ${engineNames.join(', ')}`,
  sentence: 'Engine that "engine: auto" of a notebook stands for; auto is the fastest',
  parse: ([text]) => (text === 'auto' ? text : engineNames.find((name) => name === text)),
};

const concurrency: Setting<number | null> = {
  key: 'concurrency',
  variable: 'ALMANAC_CONCURRENCY',
  fallback: null,
  expected: 'a whole number from 1 to 64',
  sentence: 'Runs at once; by default one a device',
  parse: ([text]) => wholeNumber(text, 1, 64),
};

const resume: Setting<'ask' | 'auto'> = {
  key: 'resume',
  variable: 'ALMANAC_RESUME',
  fallback: 'ask',
  expected: 'ask, auto',
  sentence: 'Whether a start queues the runs that a shutdown interrupted',
  parse: ([text]) => (text === 'ask' || text === 'auto' ? text : undefined),
};

const origin: Setting<readonly string[]> = {
  key: 'origin',
  variable: 'ALMANAC_ORIGIN',
  fallback: [],
  expected: 'origins as a browser shows them, e.g. https://almanac.example, several with commas between',
  sentence: 'Where a proxy in front of the page is reached; a token is asked for then',
  split: splitWords,
  parse(texts) {
    const bare = texts.map((text) => text.replace(/\/$/, ''));
    return bare.every((text) => parseOrigin(text) !== undefined) ? bare : undefined;
  },
};

const secret = {
  expected: `at least ${shortestToken} characters: letters, digits and signs, no blanks`,
  isSecret: true,
  parse: ([text]: readonly string[]) => (isToken(text) ? text : undefined),
};

const token: Setting<string | null> = {
  ...secret,
  key: 'token',
  variable: 'ALMANAC_TOKEN',
  fallback: null,
  sentence: 'Token that is asked for wherever it is set; beyond loopback one is made up at each start where none is',
};

const readToken: Setting<string | null> = {
  ...secret,
  key: 'read_token',
  variable: 'ALMANAC_READ_TOKEN',
  fallback: null,
  sentence: 'A second token, for those who look and change nothing',
};

const tlsCert: Setting<string | null> = {
  key: 'tls_cert',
  variable: 'ALMANAC_TLS_CERT',
  fallback: null,
  expected: 'a file',
  sentence: 'Certificate in PEM, with those up to its root behind it; both then speak https',
  parse: ([path], place) => toPath(path, place),
};

const tlsKey: Setting<string | null> = {
  key: 'tls_key',
  variable: 'ALMANAC_TLS_KEY',
  fallback: null,
  expected: 'a file',
  sentence: 'Key of that certificate in PEM, without a passphrase',
  parse: ([path], place) => toPath(path, place),
};

const threads: Setting<string | null> = {
  key: 'threads',
  variable: 'ALMANAC_THREADS',
  fallback: null,
  expected: 'a whole number from 1 to 64',
  sentence: 'Threads of the WASM engine; by default one a core, eight at most',
  parse: ([text]) => wholeNumber(text, 1, 64)?.toString(),
};

const gpuAdapter: Setting<string | null> = {
  key: 'gpu_adapter',
  variable: 'ALMANAC_GPU_ADAPTER',
  fallback: null,
  expected: "a part of a GPU's name",
  sentence: 'GPU that WebGPU takes',
  parse: ([text]) => text,
};

const native: Setting<string | null> = {
  key: 'native',
  variable: 'ALMANAC_NATIVE',
  fallback: null,
  expected: 'a folder',
  sentence: 'Folder of the native engine; by default where npm run engine:native puts it',
  parse: ([path], place) => toPath(path, place),
};

const cache: Setting<string | null> = {
  key: 'cache',
  variable: 'ALMANAC_CACHE',
  fallback: null,
  expected: 'a folder',
  sentence: 'Folder in which results are kept for runs to come; by default runs/.cache',
  parse: ([path], place) => toPath(path, place),
};

const cacheLimit: Setting<number> = {
  key: 'cache_limit',
  variable: 'ALMANAC_CACHE_LIMIT',
  fallback: 8,
  expected: 'a number of GiB from 0 to 100000',
  sentence: 'GiB that the cache may hold; 0 switches it off',
  parse([text]) {
    const value = Number(text);
    return text.trim() !== '' && value >= 0 && value <= 100_000 ? value : undefined;
  },
};

/** An address that may be called: http or https, with no name and password in it. */
function toHook(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && ['http:', 'https:'].includes(url.protocol) && url.username === '' ? url : undefined;
}

const webhook: Setting<readonly string[]> = {
  key: 'webhook',
  variable: 'ALMANAC_WEBHOOK',
  fallback: [],
  expected: 'addresses with http or https, several with blanks between',
  sentence: 'Addresses that are told, as JSON by POST, when a run ends, fails or stalls',
  isSecret: true,
  split: (text) => text.split(/\s+/).filter((part) => part !== ''),
  parse: (texts) => (texts.every((text) => toHook(text) !== undefined) ? texts : undefined),
};

const webhookHosts: Setting<readonly string[]> = {
  key: 'webhook_hosts',
  variable: 'ALMANAC_WEBHOOK_HOSTS',
  fallback: [],
  expected: 'names of hosts, with a port where it is not the usual one, several with commas between',
  sentence:
    'Hosts that a webhook may call; where none is named, those of its own addresses, and it follows to no other',
  split: splitWords,
  parse: (texts) =>
    texts.every((text) => toHook(`http://${text}`)?.pathname === '/' && !text.includes('/')) ? texts : undefined,
};

/** All settings there are, in the order that `almanac config` shows. A new one is a descriptor above and its name here. */
export const settings = {
  port,
  trainerPort,
  host,
  home,
  dataDirs,
  engine,
  concurrency,
  resume,
  webhook,
  webhookHosts,
  origin,
  token,
  readToken,
  tlsCert,
  tlsKey,
  threads,
  gpuAdapter,
  native,
  cache,
  cacheLimit,
} as const;
