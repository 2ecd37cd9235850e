import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { timeKernels } from '#tests/bench/kernel-times.ts';
import { installKernels } from '#trainer/engines/native/kernels.ts';
import { installGather } from '#trainer/engines/native/kernels/gather.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { kernelNames } from '#trainer/engines/wasm/kernel-library.ts';
import { wasmKernels } from '#trainer/engines/wasm/kernels/wasm-kernels.ts';
import { webgpuKernels } from '#trainer/engines/webgpu/kernels.ts';
import { readSources } from '#tests/architecture/imports.ts';
import { trainEverything } from './train-everything.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Counts the calls of TensorFlow.js' own wasm kernels, those that come from ours in their place among them. */
function countShipped(): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    const { kernelFunc } = kernel;
    kernel.kernelFunc = (call) => {
      calls.set(kernel.kernelName, (calls.get(kernel.kernelName) ?? 0) + 1);
      return kernelFunc(call);
    };
  }
  return calls;
}

type Infos = Readonly<Record<string, tf.TensorInfo>>;
type Shapes = (inputs: Infos, attrs: Readonly<Record<string, unknown>>) => readonly (readonly number[])[];

const rowsOf = ({ x, gamma }: Infos) => tf.util.sizeFromShape(x.shape) / gamma.shape[0];

/** Shapes of what the fused kernels of the webgpu and native engines put out. */
const fusedOutputs: Readonly<Record<string, Shapes>> = {
  AlmanacAdamW: ({ w }) => [w.shape, w.shape, w.shape],
  AlmanacDense: ({ x, kernel }) => [[x.shape[0], kernel.shape[1]]],
  AlmanacReluGrad: ({ dy }) => [dy.shape],
  AlmanacDropout: ({ x }) => [x.shape],
  AlmanacDropoutMask: (_, { maskShape }) => [maskShape as number[]],
  AlmanacGelu: ({ x }) => [x.shape],
  AlmanacGeluGrad: ({ x }) => [x.shape],
  AlmanacLayerNorm: (inputs) => [inputs.x.shape, [rowsOf(inputs), 1]],
  AlmanacLayerNormGrad: ({ x, gamma }) => [x.shape, gamma.shape, gamma.shape],
  AlmanacLstmLayer: ({ x, recurrent }) => Array.from({ length: 7 }, () => [...x.shape.slice(0, 2), recurrent.shape[0]]),
  AlmanacLstmLayerGrad: ({ x, kernel, recurrent, bias }) => [x, kernel, recurrent, bias].map(({ shape }) => shape),
  AlmanacWindows: ({ features, rows }, { lookback }) => [[rows.shape[0], lookback as number, features.shape[1]]],
};

/**
 * Which of `names` nobody asks an engine for that has them. Whether an operation is one kernel or several depends on
 * nothing but the fused kernels there are, so the plain engine shows it: those of `names` stand in it with zeros for results.
 */
async function findUnreached(names: readonly string[]): Promise<readonly string[]> {
  const engine = await openEngine('cpu');
  const fused = names.filter((name) => name.startsWith('Almanac'));
  for (const kernelName of fused) {
    const shapes = fusedOutputs[kernelName];
    if (shapes === undefined)
      throw new Error(`${kernelName}: fusedOutputs of this test must say what shapes it puts out`);
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) =>
        shapes(inputs as Infos, attrs as Readonly<Record<string, unknown>>).map((shape) => tf.zeros([...shape])),
    });
  }
  const times = timeKernels();
  try {
    await trainEverything();
    const reached = times.clear();
    return names.filter((name) => !reached.has(name));
  } finally {
    times.stop();
    for (const kernelName of fused) tf.unregisterKernel(kernelName, 'cpu');
    engine.dispose();
  }
}

/** Names of the kernels that the native engine puts into TensorFlow.js' registry. */
function namesOfNative(): readonly string[] {
  const backendName = 'names-of-native';
  const shipped = { kernelName: tf.GatherV2, backendName, kernelFunc: () => [] };
  tf.registerKernel(shipped);
  installGather(backendName);
  installKernels(backendName);
  const installed = tf.getKernelsForBackend(backendName);
  for (const { kernelName } of installed) tf.unregisterKernel(kernelName, backendName);
  return installed.filter((kernel) => kernel !== shipped).map(({ kernelName }) => kernelName);
}

describe('every kernel of ours is reached by a model, a loss or an optimizer', () => {
  it('on wasm, and does not always leave the work to the one it replaces', async () => {
    const shipped = countShipped();
    const engine = await openEngine('wasm');
    const times = timeKernels();
    await trainEverything();
    const own = times.clear();
    times.stop();
    engine.dispose();
    const calls = (name: string) => (own.get(name)?.calls ?? 0) - (shipped.get(name) ?? 0);
    expect(wasmKernels.map(({ name }) => name).filter((name) => calls(name) <= 0)).toEqual([]);
  });

  it('on webgpu', async () => {
    expect(await findUnreached(webgpuKernels.map(({ name }) => name))).toEqual([]);
  });

  it('on native', async () => {
    const names = namesOfNative();
    expect(names).toContain(tf.GatherV2);
    expect(names.length).toBeGreaterThan(5);
    expect(await findUnreached(names)).toEqual([]);
  });
});

describe('the library of the wasm engine', () => {
  it('holds what the engine names, and nothing that no kernel runs', () => {
    const entry = readFileSync(new URL('../../../trainer/engines/wasm/assembly/kernels.ts', import.meta.url), 'utf8');
    const exported = [...entry.matchAll(/export \{([^}]*)\}/g)].flatMap(([, names]) => names.split(','));
    expect(exported.map((name) => name.trim()).sort()).toEqual([...kernelNames, 'setThread'].sort());
    const users = readSources().filter(
      ({ path }) => path.startsWith('trainer/engines/') && !path.endsWith('/kernel-library.ts'),
    );
    const isRun = (name: string) => users.some(({ text }) => text.includes(`('${name}'`));
    expect(kernelNames.filter((name) => !isRun(name))).toEqual([]);
  });
});
