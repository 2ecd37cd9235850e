import { findProgram, installPackage } from './debian-package.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const find = () => findProgram(names, process.env['CHROMIUM']);

/** A Chromium for the browser tests: the one that is there, else Debian's, installed now when we may. */
export function findChromium():
  { readonly path: string; readonly reason?: never } | { readonly path: null; readonly reason: string } {
  const found = find() ?? (installPackage('chromium', 'the browser tests') ? find() : null);
  if (found !== null) return { path: found };
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
