import { codeVersion } from '#trainer/cache/code-version.ts';

let version: string | undefined;

/** The version of the code that trains a run, from its data to its result. A process runs the code that it began with. */
export function trainingVersion(): string {
  return (version ??= codeVersion(['trainer/process/main.ts']));
}
