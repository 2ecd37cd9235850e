import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Flavour, nativeHome } from '#trainer/engines/native/manifest.ts';
import { fail } from './fail.ts';

/** TensorFlow that is taken from PyPI unless another is asked for: the one that all tests ran with. */
const defaultVersion = '2.21.0';

export interface BuildOptions {
  /** Folder that gets the result. */
  readonly home: string;
  /** null: with a GPU that the driver lists for the GPU, else for the CPU. */
  readonly flavour: Flavour | null;
  readonly version: string;
  /** Absolute path of a wheel, an archive of libtensorflow or a folder with lib and include; null takes PyPI's wheel. */
  readonly from: string | null;
  /** Builds again although there is a finished build of the same key. */
  readonly force: boolean;
}

export const usage = `npm run engine:native -- [options]

Builds the native engine: @tensorflow/tfjs-node-gpu's binding against a current TensorFlow.

  --cpu, --gpu       for the processor, or for an NVIDIA GPU (default: what nvidia-smi finds)
  --version <x.y.z>  TensorFlow to take from PyPI (default ${defaultVersion})
  --from <path>      a TensorFlow wheel, a libtensorflow archive, or a folder with lib and include, instead of PyPI's
  --force            build again
`;

/** Reads the command line; throws what is wrong with it as one sentence. */
export function parseOptions(args: readonly string[], cwd = process.env.INIT_CWD ?? process.cwd()): BuildOptions {
  const values = read(args);
  if (values.cpu && values.gpu) fail('--cpu and --gpu exclude each other: give one of them, or none.');
  const version = values.version ?? defaultVersion;
  if (!/^\d+\.\d+\.\d+(rc\d+)?$/.test(version)) {
    fail(`--version: expected a version such as ${defaultVersion}, received "${version}".`);
  }
  return {
    home: nativeHome(),
    flavour: values.cpu ? 'cpu' : values.gpu ? 'gpu' : null,
    version,
    from: values.from === undefined ? null : resolve(cwd, values.from),
    force: values.force,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        cpu: { type: 'boolean', default: false },
        gpu: { type: 'boolean', default: false },
        version: { type: 'string' },
        from: { type: 'string' },
        force: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
