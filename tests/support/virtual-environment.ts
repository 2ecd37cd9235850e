import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../.artifacts/python', import.meta.url));

/**
 * The path of a command that a package of PyPI brings, installed once into a virtual environment under tests/.artifacts.
 * Throws what pip said where it cannot be had.
 */
export function pythonCommand(requirement: string, command: string): string {
  const bin = join(folder, requirement.replaceAll(/\W+/g, '-'), process.platform === 'win32' ? 'Scripts' : 'bin');
  const path = join(bin, command);
  if (existsSync(path)) return path;
  run('python3', ['-m', 'venv', join(bin, '..')]);
  run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]);
  return path;
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
