import { basename } from 'node:path';

/** Why, for a person and for an answer over HTTP: what the system says of a file names its path on this machine. */
export function faultOfFile(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  return code === undefined || path === undefined ? error.message : `${basename(path)} cannot be read (${code})`;
}
