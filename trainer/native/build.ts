import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Flavour, type Manifest, nativeFiles, readManifest } from '#trainer/engines/native/manifest.ts';
import { findNvidiaGpu } from '#trainer/engines/native/nvidia-gpu.ts';
import { compile, findCompiler, link } from './compile.ts';
import { fail } from './fail.ts';
import { bringLibrary, mainLibrary } from './library.ts';
import type { BuildOptions } from './options.ts';
import { patchBinding } from './patch.ts';
import { copyScripts, findSources, type Sources, tfjsNodeVersion } from './sources.ts';
import { checkSymbols } from './symbols.ts';

type Progress = (stage: string, text: string) => void;

/** Room for the libraries, unpacked, and the wheel they come in; bytes. */
const room = { cpu: 1.3e9, gpu: 9e9 } as const;

/**
 * Builds tfjs-node-gpu's binding against a TensorFlow into `options.home`, with its JavaScript beside it. A finished
 * build of the same key is left as it is. Throws `engine_unavailable` with one sentence that says what is missing.
 */
export async function buildNative(options: BuildOptions, progress: Progress): Promise<Manifest> {
  checkPlatform();
  const flavour = options.flavour ?? (findNvidiaGpu() === undefined ? 'cpu' : 'gpu');
  progress('machine', `${process.platform} ${process.arch}, for the ${flavour === 'gpu' ? 'GPU' : 'processor'}`);
  mkdirSync(options.home, { recursive: true });
  const scratch = mkdtempSync(join(options.home, 'scratch-'));
  try {
    const sources = await findSources(scratch);
    progress('sources', `tfjs-node-gpu ${tfjsNodeVersion} from ${sources.from}`);
    const compiler = await findCompiler();
    checkRoom(options.home, flavour);
    return await build(options, flavour, sources, compiler, scratch, progress);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function build(
  options: BuildOptions,
  flavour: Flavour,
  sources: Sources,
  compiler: string,
  scratch: string,
  progress: Progress,
): Promise<Manifest> {
  const { home } = options;
  const library = await bringLibrary(options, flavour, scratch, (text) => progress('library', text));
  const binding = join(scratch, 'binding');
  patchBinding(sources.folder, binding);
  const key = digest([library.key, tfjsNodeVersion, compiler, ...readdirSync(binding).sort().map((name) => readFileSync(join(binding, name), 'utf8'))]); // prettier-ignore
  const known = readManifest(home);
  if (!options.force && known?.key === key) {
    progress('binding', 'is there already');
    return known;
  }
  rmSync(join(home, nativeFiles.manifest), { force: true });
  const folder = join(home, nativeFiles.tensorflow);
  const main = mainLibrary(folder) ?? fail(`There is no TensorFlow in ${folder}.`);
  progress('binding', `compiling with ${compiler}`);
  const objects = await compile(binding, join(folder, 'include'), scratch);
  const libraries = [main, join(dirname(main), 'libtensorflow_framework.so.2')];
  progress('symbols', `all ${await checkSymbols(objects, libraries)} C functions are in the library`);
  const output = join(scratch, nativeFiles.binding);
  await link(objects, main, home, output);
  // A running process may have the old one mapped: it keeps that, the name gets the new one.
  renameSync(output, join(home, nativeFiles.binding));
  copyScripts(sources, join(home, dirname(nativeFiles.scripts)));
  const manifest: Manifest = {
    key,
    flavour: library.flavour,
    tensorflow: library.version,
    tfjsNode: tfjsNodeVersion,
    binding: createHash('sha256').update(readFileSync(join(home, nativeFiles.binding))).digest('hex'), // prettier-ignore
    compiler,
    built: new Date().toISOString(),
  };
  writeFileSync(join(home, nativeFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  progress('binding', `built in ${home}`);
  return manifest;
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

export function checkPlatform(platform: string = process.platform, arch: string = process.arch): void {
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return;
  fail(
    `The native engine is built on Linux (x64, arm64); this is ${platform} ${arch}. Here webgpu and wasm train: set train.engine to auto.`,
  );
}

function checkRoom(home: string, flavour: Flavour): void {
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize >= room[flavour] || readManifest(home) !== undefined) return;
  fail(
    `The disk of ${home} has ${((bavail * bsize) / 1e9).toFixed(1)} GB left; building takes ${room[flavour] / 1e9} GB.`,
  );
}
