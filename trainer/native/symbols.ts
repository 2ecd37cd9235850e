import { runCommand } from './command.ts';
import { fail } from './fail.ts';

const cFunction = /^TFE?_\w+$/;
const lastWord = (line: string) => line.slice(line.lastIndexOf(' ') + 1).replace(/@.*$/, '');

/** Names of TensorFlow's C functions that the compiled binding calls. */
export async function usedFunctions(objects: readonly string[]): Promise<string[]> {
  const names = await list(['-u', ...objects]);
  return [...new Set(names)].sort();
}

/** Names of the C functions that a library has. */
export async function definedFunctions(library: string): Promise<Set<string>> {
  return new Set(await list(['-D', '--defined-only', library]));
}

/** Expects the library to have every function that the binding calls; else says which are missing. Returns their number. */
export async function checkSymbols(objects: readonly string[], libraries: readonly string[]): Promise<number> {
  const used = await usedFunctions(objects);
  const defined = await Promise.all(libraries.map(definedFunctions));
  const missing = used.filter((name) => !defined.some((names) => names.has(name)));
  if (missing.length > 0) {
    fail(
      `This TensorFlow lacks ${missing.length} of the ${used.length} C functions that the binding calls: ${missing.join(', ')}. Take another version (--version, --from).`,
    );
  }
  return used.length;
}

async function list(args: readonly string[]): Promise<string[]> {
  const finished = await runCommand('nm', args, { keep: (line) => cFunction.test(lastWord(line)) });
  if (finished === undefined) fail('nm was not found: it comes with the compiler (on Debian and Ubuntu: binutils).');
  if (finished.code !== 0) fail(`nm cannot read ${args.at(-1)}: is it a library for this machine?`);
  return finished.stdout.split('\n').filter(Boolean).map(lastWord);
}
