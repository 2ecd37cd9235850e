// Program: measure-process '{"engine": "wasm", "profile": false, "job": {…}}'. Trains one job on one engine, for each number of
// seconds on its input, and prints lines of JSON (measurer.ts). A process of its own, so that `shipped` (tfjs' wasm backend
// without our kernels) and `wasm` (with them) never share a registry or a heap.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { engineNames } from '#core/engines/registry.ts';
import { AppError } from '#core/error.ts';
import { openTraining, timeTraining, type TrainingJob } from '#trainer/engine-choice/measure-training.ts';
import { openEngine } from '#trainer/engines/open.ts';
import type { About, Measured } from './measurer.ts';
import { timeKernels } from './kernel-times.ts';

const request = JSON.parse(process.argv[2]) as {
  readonly engine: string;
  readonly profile: boolean;
  readonly job: TrainingJob;
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
  const name = engineNames.find((known) => known === request.engine);
  if (name === undefined)
    throw new Error(`Expected shipped or one of ${engineNames.join(', ')}, received ${request.engine}`);
  return openEngine(name);
}

/** Steps before anything is measured: code gets compiled and buffers get their size. */
const warmUp = 5;

async function measure(training: ReturnType<typeof openTraining>, seconds: number): Promise<Measured> {
  if (!request.profile) return timeTraining(training, job.batch, seconds);
  const times = timeKernels();
  const throughput = await timeTraining(training, job.batch, seconds);
  const kernels = [...times.clear()].map(([name, { calls, ms }]) => {
    return { name, callsPerStep: calls / throughput.steps, msPerStep: ms / throughput.steps };
  });
  times.stop();
  return { ...throughput, kernels };
}

try {
  const { device, version } = await open();
  const training = openTraining(job);
  for (let step = 0; step < warmUp; step++) await training.step();
  say({ parameters: training.parameters, differences: {}, version: `TensorFlow.js ${version}`, device, how: '' });
  for await (const line of createInterface(process.stdin)) say(await measure(training, Number(line)));
} catch (error) {
  if (!(error instanceof AppError) || error.code !== 'engine_unavailable') throw error;
  say({ unavailable: error.message });
}
process.exit(0);
