import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { findPackage, nativePackage } from '#trainer/engines/native/find.ts';
import { lastWords, runCommand } from './command.ts';
import { fail } from './fail.ts';

export const tfjsNodeVersion = '4.22.0';

/** Folder with tfjs-node-gpu's sources, and whether it is a copy that we may throw away. */
export interface Sources {
  readonly folder: string;
  readonly from: string;
}

/**
 * The package where npm left it, else fetched from npm into `scratch`: an optional package whose installation failed has
 * been removed, although its sources are all we need.
 */
export async function findSources(scratch: string, installed = findPackage() ?? null): Promise<Sources> {
  if (installed !== null && readVersion(installed) === tfjsNodeVersion) {
    return { folder: installed, from: 'node_modules' };
  }
  const wanted = `${nativePackage}@${tfjsNodeVersion}`;
  const packed = await runCommand('npm', ['pack', wanted, '--silent', '--pack-destination', scratch]);
  if (packed === undefined) fail(`npm was not found: it fetches the sources of ${wanted}.`);
  const archive = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || archive === undefined) {
    fail(`npm could not fetch ${wanted}: ${lastWords(packed)}. Check the network.`);
  }
  const folder = mkdtempSync(join(scratch, 'sources-'));
  const unpacked = await runCommand('tar', ['-xzf', join(scratch, archive), '-C', folder, '--strip-components=1']);
  if (unpacked?.code !== 0) fail(`The archive of ${wanted} could not be unpacked: is tar installed?`);
  return { folder, from: 'npm' };
}

function readVersion(folder: string): string {
  return String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
}

/** What the kernels need of the package's JavaScript; not its index.js, which loads a downloader and six packages more. */
const scripts = ['kernels', 'int64_tensors.js', 'nodejs_kernel_backend.js', 'register_all_kernels.js', 'version.js'];

/**
 * Copies the kernels to `folder`/dist, complete in themselves: what they call `@tensorflow/tfjs` becomes the tfjs-core
 * that this project uses, so that both have one engine, and protocol buffers, which only TensorBoard needs, are empty.
 */
export function copyScripts({ folder: from }: Sources, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const script of scripts) {
    cpSync(join(from, 'dist', script), join(folder, 'dist', script), {
      recursive: true,
      filter: (path) => !path.endsWith('.d.ts') && !path.endsWith('_test.js'),
    });
  }
  mkdirSync(join(folder, 'dist', 'proto'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'proto', 'api_pb.js'), 'module.exports = {};\n');
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  for (const [name, target] of [
    ['@tensorflow/tfjs', '@tensorflow/tfjs-core'],
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-core'],
  ] as const) {
    const shim = join(folder, 'node_modules', ...name.split('/'));
    mkdirSync(shim, { recursive: true });
    const core = relative(shim, createRequire(import.meta.url).resolve(target));
    writeFileSync(join(shim, 'index.js'), `module.exports = require(${JSON.stringify(core)});\n`);
  }
}
