// Program: measure-process '{"engine": "wasm", "profile": false, "job": {…}}'. Trains one job on one engine, for each number of
// seconds on its input, and prints lines of JSON (measurer.ts). A process of its own, so that `shipped` (tfjs' wasm backend
// without our kernels) and `wasm` (with them) never share a registry or a heap.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { type Config, configSchema } from '#core/config/config.ts';
import { engines } from '#core/config/train.ts';
import { AppError } from '#core/error.ts';
import { openEngine } from '#trainer/ml/engine/open.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { countParameters } from '#trainer/ml/models/model.ts';
import type { About, Measured } from './measurer.ts';
import { timeKernels } from './kernel-times.ts';
import { type Job, measureThroughput } from './throughput.ts';

const request = JSON.parse(process.argv[2]) as {
  readonly engine: string;
  readonly profile: boolean;
  readonly job: Omit<Job, 'seconds'>;
};
const { job } = request;
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function open(): Promise<Pick<About, 'device' | 'version'>> {
  if (request.engine === 'shipped') {
    await import('@tensorflow/tfjs-layers');
    const { version_wasm, getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
    await tf.ready();
    return { device: `WASM without our kernels, ${getThreadsCount()} thread`, version: version_wasm };
  }
  const name = engines.find((known) => known === request.engine);
  if (name === undefined)
    throw new Error(`Expected shipped or one of ${engines.join(', ')}, received ${request.engine}`);
  return openEngine(name);
}

function parameters(): number {
  const { model, variant, lookback, features } = job;
  const config = configSchema.parse({ model: { architecture: model, variant, lookback } }) as Config;
  return countParameters(buildModel(config.model, { lookback, features, outputs: 2 }));
}

async function measure(seconds: number): Promise<Measured> {
  if (!request.profile) return measureThroughput({ ...job, seconds });
  const times = timeKernels();
  // No time at all is the warm-up alone: its calls are taken off, so that what remains is of the steps counted.
  await measureThroughput({ ...job, seconds: 0 });
  const warmUp = times.clear();
  const throughput = await measureThroughput({ ...job, seconds });
  const kernels = [...times.clear()].map(([name, { calls, ms }]) => {
    const callsPerStep = (calls - (warmUp.get(name)?.calls ?? 0)) / throughput.steps;
    return { name, callsPerStep, msPerStep: (ms / calls) * callsPerStep };
  });
  times.stop();
  return { ...throughput, kernels: kernels.filter(({ callsPerStep }) => callsPerStep > 0) };
}

try {
  const { device, version } = await open();
  say({ parameters: parameters(), differences: {}, version: `TensorFlow.js ${version}`, device, how: '' });
  for await (const line of createInterface(process.stdin)) say(await measure(Number(line)));
} catch (error) {
  if (!(error instanceof AppError) || error.code !== 'engine_unavailable') throw error;
  say({ unavailable: error.message });
}
process.exit(0);
