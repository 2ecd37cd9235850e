import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function onPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    process.env['CHROMIUM'] ?? '',
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
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

/** A Chromium for the browser tests: the one that is there, else Debian's, installed now when we may. */
export function findChromium():
  { readonly path: string; readonly reason?: never } | { readonly path: null; readonly reason: string } {
  const found = onPath();
  if (found !== null) return { path: found };
  if (process.platform === 'linux' && spawnSync('apt-get', ['--version']).status === 0) {
    const head = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    const apt = (...args: string[]) => {
      const [command = 'apt-get', ...rest] = [...head, 'apt-get', ...args];
      return spawnSync(command, rest, { stdio: 'ignore', timeout: 300_000 }).status === 0;
    };
    process.stdout.write('installing Chromium for the browser tests …\n');
    apt('update');
    if (apt('install', '-y', '--no-install-recommends', 'chromium')) {
      const installed = onPath();
      if (installed !== null) return { path: installed };
    }
  }
  return {
    path: null,
    reason:
      'no Chromium was found and none could be installed; install it (Debian: apt-get install chromium) or set CHROMIUM to its path.',
  };
}

/** Flags for a headless Chromium that asks nothing of the network. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;
