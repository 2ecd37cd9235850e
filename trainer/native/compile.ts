import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { nativeFiles } from '#trainer/engines/native/manifest.ts';
import { lastWords, runCommand } from './command.ts';
import { fail } from './fail.ts';

/** Path of the headers of Node's C interface, which come as a package, so that node-gyp need not fetch any. */
export function nodeHeaders(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  } catch (cause) {
    return fail('The package node-api-headers is not installed: run npm ci, which installs it for development.', cause);
  }
}

export async function findCompiler(command = 'g++'): Promise<string> {
  const version = await runCommand(command, ['--version']);
  if (version === undefined) {
    fail(`${command} was not found: it compiles the binding. Install g++ (on Debian and Ubuntu: apt install g++).`);
  }
  return version.stdout.split('\n')[0].trim();
}

/** Compiles every .cc of `sources` to an object file in `scratch`. */
export async function compile(sources: string, include: string, scratch: string): Promise<string[]> {
  const files = readdirSync(sources).filter((name) => name.endsWith('.cc'));
  return Promise.all(
    files.map(async (name) => {
      const object = join(scratch, name.replace(/\.cc$/, '.o'));
      const includes = [`-I${nodeHeaders()}`, `-I${include}`, `-I${sources}`];
      const flags = ['-std=c++17', '-O2', '-fPIC', '-fexceptions', '-DNAPI_VERSION=8', '-w'];
      const finished = await runCommand('g++', [...flags, ...includes, '-c', join(sources, name), '-o', object]);
      if (finished?.code !== 0) {
        const said = finished?.stderr.split('\n').find((line) => /error/.test(line));
        fail(`${name} does not compile against this TensorFlow's headers: ${said?.trim() ?? 'g++ said nothing'}`);
      }
      return object;
    }),
  );
}

/** NVIDIA's libraries that TensorFlow looks for by name while it runs. */
const cuda = /^lib(cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn|cupti|nccl)\.so\.\d+$/;

/**
 * Links the binding to `output`. Libraries are found relative to it ($ORIGIN), so the folder can be moved. NVIDIA's wheels
 * are linked as well: what is loaded already, TensorFlow then finds by its bare name. The linker gets empty libraries of
 * the same names: what the real ones define was checked before, and reading 800 MB of them takes it half a minute.
 */
export async function link(objects: readonly string[], main: string, home: string, output: string): Promise<void> {
  const nvidia = findCudaFolders(join(home, nativeFiles.nvidia));
  const search = [nativeFiles.tensorflow, ...nvidia.map(({ name }) => join(nativeFiles.nvidia, name))];
  const libraries = [basename(main), 'libtensorflow_framework.so.2', ...nvidia.flatMap(({ libraries }) => libraries)];
  const stubs = join(dirname(output), 'stubs');
  mkdirSync(stubs);
  for (const name of libraries) {
    await linkWith(['-nostdlib', '-shared', '-x', 'c++', '/dev/null', `-Wl,-soname,${name}`, '-o', join(stubs, name)]);
  }
  await linkWith([
    ...['-shared', '-o', output, ...objects, `-L${stubs}`, '-Wl,--no-as-needed'],
    ...libraries.map((name) => `-l:${name}`),
    `-Wl,-rpath,${search.map((folder) => `$ORIGIN/${folder}/lib`).join(':')}`,
  ]);
}

async function linkWith(args: readonly string[]): Promise<void> {
  const finished = await runCommand('g++', args);
  if (finished?.code !== 0) {
    fail(`The binding does not link: ${finished === undefined ? 'g++ was not found' : lastWords(finished)}`);
  }
}

/** Folders of NVIDIA's wheels, each with the libraries in it that TensorFlow looks for. */
function findCudaFolders(nvidia: string): { readonly name: string; readonly libraries: readonly string[] }[] {
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .filter((name) => existsSync(join(nvidia, name, 'lib')))
    .map((name) => ({ name, libraries: readdirSync(join(nvidia, name, 'lib')).filter((file) => cuda.test(file)) }));
}
