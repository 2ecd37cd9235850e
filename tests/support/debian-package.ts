import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the first of these programs that is there; `named` wins where it is a path. */
export function findProgram(names: readonly string[], named = ''): string | null {
  // Those of administrators are on no ordinary path.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const candidates = [named, ...names.flatMap((name) => folders.map((folder) => join(folder, name)))];
  for (const candidate of candidates) {
    if (candidate === '') continue;
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not this one
    }
  }
  return null;
}

/** Installs a package of Debian where we may; false where it could not be. */
export function installPackage(name: string, purpose: string): boolean {
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return false;
  const head = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args: string[]) => {
    const [command = 'apt-get', ...rest] = [...head, 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, rest, { stdio: 'ignore', timeout: 300_000, env }).status === 0;
  };
  process.stdout.write(`installing ${name} for ${purpose} …\n`);
  apt('update');
  return apt('install', '-y', '--no-install-recommends', name);
}
