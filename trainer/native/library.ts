import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type Flavour, flavours, nativeFiles } from '#trainer/engines/native/manifest.ts';
import { lastWords, runCommand } from './command.ts';
import { fail } from './fail.ts';
import type { BuildOptions } from './options.ts';
import { downloadWheel } from './pip.ts';
import { describeWheel, unpackNvidia, unpackTensorFlow } from './wheel.ts';

/** TensorFlow as it lies in `<home>/tensorflow`: `lib` and `include`. Kept in library.json beside them. */
const librarySchema = z.object({
  /** Where it came from; the same again need not be fetched again. */
  key: z.string(),
  flavour: z.enum(flavours),
  version: z.string().nullable(),
});
type Library = z.infer<typeof librarySchema>;

type Say = (text: string) => void;

/** Names of the library with the C functions: a wheel's, and a libtensorflow archive's. */
const mainNames = ['libtensorflow_cc.so.2', 'libtensorflow.so.2'];
const frameworkName = 'libtensorflow_framework.so.2';

/** Brings TensorFlow into `<home>/tensorflow`, from where the options say, unless it is there already. */
export async function bringLibrary(
  options: BuildOptions,
  flavour: Flavour,
  scratch: string,
  say: Say,
): Promise<Library> {
  const wanted = await identify(options, flavour);
  const folder = join(options.home, nativeFiles.tensorflow);
  if (!options.force && findLibrary(folder)?.key === wanted.key) {
    say(`TensorFlow ${wanted.version ?? ''} (${wanted.flavour}) is there already`);
    return wanted;
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(options.home, nativeFiles.nvidia), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (options.from === null) await fromPyPI(wanted, options.home, scratch, say);
  else if (options.from.endsWith('.whl')) {
    say(`unpacking ${basename(options.from)}`);
    await unpackTensorFlow(options.from, folder);
  } else await fromLibtensorflow(options.from, folder, say);
  checkLibrary(folder, options.from ?? 'the wheel');
  writeFileSync(join(folder, 'library.json'), `${JSON.stringify(wanted, null, 2)}\n`);
  return wanted;
}

/** Path of the library with the C functions, in a folder as `bringLibrary` leaves it. */
export function mainLibrary(folder: string): string | undefined {
  return mainNames.map((name) => join(folder, 'lib', name)).find((path) => existsSync(path));
}

async function identify({ from, version }: BuildOptions, flavour: Flavour): Promise<Library> {
  if (from === null) return { key: `wheel ${flavour} ${version}`, flavour, version };
  if (!existsSync(from)) fail(`--from: there is nothing at ${from}.`);
  if (from.endsWith('.whl')) {
    const wheel = await describeWheel(from);
    return { key: `wheel ${wheel.flavour} ${wheel.version}`, ...wheel };
  }
  const { mtimeMs, size } = statSync(from);
  return { key: `${from} ${size} ${mtimeMs}`, flavour, version: null };
}

function findLibrary(folder: string): Library | undefined {
  try {
    const library = librarySchema.parse(JSON.parse(readFileSync(join(folder, 'library.json'), 'utf8')));
    return mainLibrary(folder) === undefined ? undefined : library;
  } catch {
    return undefined;
  }
}

async function fromPyPI({ flavour, version }: Library, home: string, scratch: string, say: Say): Promise<void> {
  const name = flavour === 'cpu' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
  say(`fetching ${name} ${version} from PyPI (about ${flavour === 'cpu' ? '270' : '650'} MB)`);
  const wheel = await downloadWheel(`${name}==${version}`, scratch);
  say(`unpacking ${basename(wheel)}`);
  await unpackTensorFlow(wheel, join(home, nativeFiles.tensorflow));
  if (flavour === 'gpu') {
    for (const requirement of (await describeWheel(wheel)).nvidia) {
      say(`fetching ${requirement} from PyPI`);
      const library = await downloadWheel(requirement, scratch);
      await unpackNvidia(library, join(home, nativeFiles.nvidia));
      rmSync(library);
    }
  }
  rmSync(wheel);
}

/** An archive of libtensorflow is unpacked; of a folder, which stays where it is, links are made. */
async function fromLibtensorflow(from: string, folder: string, say: Say): Promise<void> {
  if (statSync(from).isDirectory()) {
    for (const part of ['lib', 'include']) {
      const source = part === 'lib' && !existsSync(join(from, 'lib')) ? from : join(from, part);
      if (!existsSync(source)) fail(`--from: ${from} has no folder ${part}; expected one with lib and include.`);
      symlinkSync(source, join(folder, part));
    }
    return;
  }
  say(`unpacking ${basename(from)}`);
  const unpacked = await runCommand('tar', ['-xf', from, '-C', folder]);
  if (unpacked === undefined)
    fail(`tar was not found: it unpacks ${from}. Install it, or unpack the archive yourself.`);
  if (unpacked.code !== 0) fail(`${from} is truncated or is no archive of libtensorflow: ${lastWords(unpacked, 1)}`);
}

function checkLibrary(folder: string, from: string): void {
  const lib = join(folder, 'lib');
  if (mainLibrary(folder) === undefined) {
    const found = existsSync(lib) ? readdirSync(lib).slice(0, 5).join(', ') || 'nothing' : 'no folder lib';
    fail(`${from} holds no TensorFlow for Linux: expected ${mainNames.join(' or ')} in lib, found ${found}.`);
  }
  if (!existsSync(join(lib, frameworkName))) fail(`${from} lacks ${frameworkName}, which TensorFlow needs.`);
  if (!existsSync(join(folder, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'))) {
    fail(`${from} lacks TensorFlow's headers: expected include/tensorflow/c/eager/c_api.h.`);
  }
}
