import { availableParallelism, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { AppError } from '#core/error.ts';
import { closeBackend } from '../close-backend.ts';
import type { Engine } from '../engine.ts';
import { backendName, loadBackend, type LoadedBackend } from './backend.ts';
import type { Binding } from './binding.ts';
import { findNative, findNativeAbsence, type NativeFiles, nativeUnavailable } from './find.ts';
import { findGpuTrouble } from './gpu-trouble.ts';
import { findNvidiaGpu, type NvidiaGpu } from './nvidia-gpu.ts';

/** Part of the machine's memory that tensors may take where they share it with everything else. */
const memoryShare = 0.8;

let loaded: Promise<Engine> | undefined;

/**
 * TensorFlow's C library through tfjs-node's binding. On a GPU only where the driver lists one, TensorFlow found it and a
 * product came out right; else on the processor, and the device says so and why. Loaded once a process: the library can
 * be closed and opened again, not unloaded.
 */
export async function openNative(): Promise<Engine> {
  loaded ??= load();
  try {
    const engine = await loaded;
    await start();
    return engine;
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}

async function load(): Promise<Engine> {
  const files = findNative();
  if (files === undefined) {
    throw new AppError('engine_unavailable', findNativeAbsence() ?? nativeUnavailable('nothing to load was found'));
  }
  const gpu = findNvidiaGpu();
  const threads = prepare(gpu);
  const { binding, version } = loadBinding(files);
  return {
    name: 'native',
    device: `TensorFlow ${binding.TF_Version}, ${describeDevice(binding, files, gpu, threads)}`,
    version,
    memoryLimit: binding.isUsingGpuDevice() && gpu !== undefined ? gpu.memory : memoryOfProcess(),
    peakBytes: () => null,
    dispose: () => closeBackend(backendName),
  };
}

/**
 * Makes the backend the current one and computes something with it: a library whose kernels do not fit the device fails
 * here.
 */
async function start(): Promise<void> {
  if (!(await tf.setBackend(backendName).catch(() => false))) throw unavailable('TensorFlow did not start');
  await tf.ready();
  const product = tf.tidy(() => tf.sum(tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]))));
  const [sum] = await product.data();
  product.dispose();
  if (sum !== 64 ** 3) throw unavailable(`a 64 × 64 product of ones summed to ${sum} instead of ${64 ** 3}`);
}

/** Environment that must be in place before the library is loaded; it is read once. Returns the number of threads. */
function prepare(gpu: NvidiaGpu | undefined): number {
  const { env } = process;
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  env.TF_DETERMINISTIC_OPS ??= '1';
  env.TF_NUM_INTRAOP_THREADS ??= String(availableParallelism());
  // A GPU that the driver does not list is not to be used behind our back. The binding copies to the last GPU listed while
  // operations run on the first: one visible GPU keeps them the same.
  env.CUDA_VISIBLE_DEVICES = gpu === undefined ? '-1' : (env.CUDA_VISIBLE_DEVICES ?? '0').split(',')[0];
  return Number(env.TF_NUM_INTRAOP_THREADS);
}

function loadBinding(files: NativeFiles): LoadedBackend {
  try {
    return loadBackend(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new AppError('engine_unavailable', nativeUnavailable(`its library does not load (${why})`), { cause });
  }
}

function describeDevice(binding: Binding, files: NativeFiles, gpu: NvidiaGpu | undefined, threads: number): string {
  if (gpu !== undefined && binding.isUsingGpuDevice()) return gpu.name;
  const cpu = `CPU, ${threads} thread${threads === 1 ? '' : 's'}`;
  return gpu === undefined ? cpu : `${cpu} (the ${gpu.name} is not used: ${findGpuTrouble(files.binding)})`;
}

/** Bytes: a share of the machine's memory, or of what the container allows this process. */
function memoryOfProcess(): number {
  const limit = process.constrainedMemory();
  return Math.floor(memoryShare * (limit > 0 ? Math.min(limit, totalmem()) : totalmem()));
}

function unavailable(why: string): AppError {
  return new AppError('engine_unavailable', nativeUnavailable(why));
}
