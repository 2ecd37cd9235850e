// Program: profile [--engine=webgpu] [--model=mlp] [--variant=base] [--batch=1024] [--seconds=1] [--json]
// Time by kernel of a training step, as the engine's own clock has it: on a GPU by time stamps around each program, where the
// time to queue the work says nothing. Beside it the time of a step without the profiler, which puts a pass around each program.
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { architectures } from '#core/models/registry.ts';
import { variants } from '#core/models/variant.ts';
import { engineNames } from '#core/engines/registry.ts';
import { openTraining, timeTraining, type TrainingJob } from '#trainer/engine-choice/measure-training.ts';
import { openEngine } from '#trainer/engines/open.ts';

interface KernelTime {
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
}

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'webgpu' },
    model: { type: 'string', default: 'mlp' },
    variant: { type: 'string', default: 'base' },
    batch: { type: 'string', default: '1024' },
    seconds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

function pick<T extends string>(text: string, known: readonly T[], option: string): T {
  const found = known.find((value) => value === text);
  if (found === undefined) throw new Error(`--${option}: expected one of ${known.join(', ')}, received ${text}`);
  return found;
}

/** Calls and milliseconds of each kernel while `training` goes on for `seconds`, and the steps that it took. */
async function profile(
  training: ReturnType<typeof openTraining>,
  batch: number,
  seconds: number,
): Promise<{ readonly steps: number; readonly kernels: Map<string, KernelTime> }> {
  let steps = 0;
  const info = await tf.profile(async () => {
    steps = (await timeTraining(training, batch, seconds)).steps;
    return [] as unknown as tf.Tensor;
  });
  const kernels = new Map<string, KernelTime>();
  for (const { name, kernelTimeMs } of info.kernels) {
    const { calls, ms } = kernels.get(name) ?? { calls: 0, ms: 0 };
    kernels.set(name, { name, calls: calls + 1, ms: ms + Number(await kernelTimeMs) });
  }
  return { steps, kernels };
}

/** Steps before anything is measured: programs get compiled and buffers get their size. */
const warmUp = 5;

const engine = await openEngine(pick(options.engine, engineNames, 'engine'));
// Else the profiler reads every result back to look for NaN.
tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', false);
const job: TrainingJob = {
  model: pick(options.model, architectures, 'model'),
  variant: pick(options.variant, variants, 'variant'),
  batch: Number(options.batch),
  lookback: 64,
  features: 16,
};
const seconds = Number(options.seconds);
const training = openTraining(job);
for (let step = 0; step < warmUp; step++) await training.step();
const stepMs = (1000 * job.batch) / (await timeTraining(training, job.batch, seconds)).samplesPerSecond;
const { steps, kernels } = await profile(training, job.batch, seconds);
const rows = [...kernels.values()]
  .map(({ name, calls, ms }) => ({ name, calls: calls / steps, ms: ms / steps }))
  .sort((a, b) => b.ms - a.ms);
const total = rows.reduce((sum, { ms }) => sum + ms, 0);
const calls = rows.reduce((sum, row) => sum + row.calls, 0);
if (options.json) {
  const { model, variant, batch } = job;
  const line = {
    model,
    variant,
    batch,
    engine: engine.name,
    device: engine.device,
    stepMs,
    kernelMs: total,
    kernels: rows,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} else {
  process.stdout.write(
    `${job.model} ${job.variant}, batches of ${job.batch}, on ${engine.name} (${engine.device}): ${stepMs.toFixed(2)} ms a step, ` +
      `of which ${total.toFixed(2)} ms in ${calls.toFixed(0)} kernels\n`,
  );
  for (const { name, calls, ms } of rows) {
    const share = ((100 * ms) / total).toFixed(0);
    process.stdout.write(
      `${name.padEnd(24)} ${calls.toFixed(0).padStart(5)} calls ${ms.toFixed(3).padStart(9)} ms ${share.padStart(3)} %\n`,
    );
  }
}
training.close();
engine.dispose();
process.exit(0);
