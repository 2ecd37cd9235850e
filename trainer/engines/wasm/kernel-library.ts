import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '#core/error.ts';
import type { Kernel } from './job-board.ts';

/** Kernels of assembly/kernels.ts, by the place they have in a job. */
export const kernelNames = [
  'packRight',
  'multiplyPacked',
  'multiplyBatch',
  'multiplyDeep',
  'unary',
  'binary',
  'sumRows',
  'sumColumnsPartly',
  'sumPartials',
  'transposeMatrices',
  'swapRows',
  'adamw',
  'dropoutEach',
  'dropoutMask',
  'gatherWindows',
  'layerNorm',
  'layerNormGradient',
  'addPartials',
  'causalConv',
  'causalConvGradient',
  'attention',
  'attentionGradient',
  'lstm',
  'lstmGradient',
  'gru',
  'gruGradient',
] as const;
export type KernelName = (typeof kernelNames)[number];

const binary = new URL('./kernels.wasm', import.meta.url);

/** The compiled library; set-up builds it from assembly/. Throws engine_unavailable where that was not done. */
export function compileKernels(): WebAssembly.Module {
  if (!existsSync(binary)) {
    throw new AppError(
      'engine_unavailable',
      'The wasm engine lacks kernels.wasm, which set-up builds from its sources. Run npm start or npm test once.',
    );
  }
  return new WebAssembly.Module(readFileSync(binary));
}

/** An instance over `memory` for thread number `thread`; instances share nothing else. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  thread: number,
): { readonly kernels: readonly Kernel[] } {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const find = (name: string): Kernel => {
    const found = exports[name];
    if (typeof found !== 'function') throw new Error(`kernels.wasm has no ${name}; it is older than its sources`);
    return found as Kernel;
  };
  find('setThread')(thread);
  return { kernels: kernelNames.map(find) };
}
