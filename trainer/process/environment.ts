import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { engineNames } from '#core/engines/registry.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Packages whose version can change a result. */
const packages = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  ...engineNames.flatMap((name) => engineDrivers[name].packages),
];

function find(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function packageVersion(folder: string): string | null {
  const text = find(join(folder, 'package.json'));
  return text === null ? null : String(JSON.parse(text).version);
}

/** The commit checked out at `folder`, read from its `.git` without starting git; null where there is none. */
export function findCommit(folder: string): string | null {
  const head = find(join(folder, '.git', 'HEAD'))?.trim();
  if (!head) return null;
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (!ref) return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
  const loose = find(join(folder, '.git', ...ref.split('/')))?.trim();
  if (loose) return loose;
  const packed = find(join(folder, '.git', 'packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return packed?.split(' ')[0] ?? null;
}

/** The engine that an earlier attempt noted in the `environment.json` at `path`; null where there was none. */
export function findEngine(path: string): string | null {
  const text = find(path);
  if (text === null) return null;
  try {
    return z.object({ engine: z.string() }).parse(JSON.parse(text)).engine;
  } catch {
    return null;
  }
}

/** `environment.json`: with what an attempt was trained. */
export function describeEnvironment(
  attempt: number,
  engine: Pick<Engine, 'name' | 'device' | 'version'>,
): Record<string, unknown> {
  return {
    attempt,
    version: packageVersion(project),
    commit: findCommit(project),
    engine: engine.name,
    device: engine.device,
    engineVersion: engine.version,
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? null,
    cores: cpus().length,
    memory: totalmem(),
    packages: Object.fromEntries(
      packages.flatMap((name) => {
        const version = packageVersion(join(project, 'node_modules', ...name.split('/')));
        return version ? [[name, version]] : [];
      }),
    ),
  };
}
