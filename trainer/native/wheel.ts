import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Flavour } from '#trainer/engines/native/manifest.ts';
import { fail } from './fail.ts';
import { unpackZip } from './zip.ts';

interface Wheel {
  readonly flavour: Flavour;
  readonly version: string;
}

/** TensorFlow's wheel by what its METADATA says; `nvidia` are the wheels with CUDA that its extra `and-cuda` wants. */
export async function describeWheel(path: string): Promise<Wheel & { readonly nvidia: readonly string[] }> {
  const scratch = mkdtempSync(join(tmpdir(), 'almanac-wheel-'));
  try {
    const to = join(scratch, 'METADATA');
    await unpackZip(path, (name) => (/^[^/]+\.dist-info\/METADATA$/.test(name) ? to : null));
    return parseMetadata(readFileSync(to, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') fail(`${basename(path)} is no wheel: it has no METADATA.`);
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function parseMetadata(text: string, path: string): Wheel & { readonly nvidia: readonly string[] } {
  const field = (name: string) => new RegExp(`^${name}: *(.+)$`, 'm').exec(text)?.[1].trim() ?? '';
  const name = field('Name')
    .toLowerCase()
    .replaceAll(/[-_.]+/g, '-');
  if (!/^(tf-nightly|tensorflow)(-cpu)?(-aws)?$/.test(name)) {
    fail(`${basename(path)} is a wheel of ${name || 'something'}, expected one of tensorflow or tensorflow-cpu.`);
  }
  const nvidia = [...text.matchAll(/^Requires-Dist: *(nvidia-[^;]+);.*and-cuda/gm)].map(([, wheel]) => wheel.trim());
  return { flavour: name.includes('-cpu') ? 'cpu' : 'gpu', version: field('Version'), nvidia };
}

/** What the binding includes, of some ten thousand headers. */
const headers =
  /^tensorflow\/include\/((tensorflow\/c|tsl\/c|xla\/tsl\/c)\/|(tensorflow\/core|tsl|xla\/tsl)\/platform\/ctstring)/;
const libraries = /^tensorflow\/lib(tensorflow_cc|tensorflow_framework)\.so\.2$/;

/** Unpacks the two libraries to `folder`/lib and the headers to `folder`/include. */
export async function unpackTensorFlow(path: string, folder: string): Promise<void> {
  await unpackZip(path, (name) => {
    if (libraries.test(name)) return join(folder, 'lib', basename(name));
    return headers.test(name) ? join(folder, name.slice('tensorflow/'.length)) : null;
  });
}

/** Unpacks what runs of a wheel of NVIDIA's: libraries, the assembler and its bitcode. */
export async function unpackNvidia(path: string, folder: string): Promise<void> {
  await unpackZip(path, (name) =>
    /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name) && !name.endsWith('.a') ? join(folder, name.slice(7)) : null,
  );
}
