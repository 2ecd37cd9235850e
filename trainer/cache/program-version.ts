import { codeVersion } from './code-version.ts';

/** The version of code of this program, found once: a process runs the code that it began with. */
export function programVersion(...entries: readonly string[]): () => string {
  let version: string | undefined;
  return () => (version ??= codeVersion(entries));
}
