import * as tf from '@tensorflow/tfjs-core';
// Gradients are registered by tfjs-layers, not by tfjs-core.
import '@tensorflow/tfjs-layers';
import { AppError } from '#core/error.ts';
import type { Engine } from '../engine.ts';
import { chooseAdapter } from './adapter.ts';
import { loadDawn, readGpuSettings } from './dawn.ts';
import { openDevice } from './device.ts';
import { setFlags } from './flags.ts';
import { guardBackend } from './guard-backend.ts';
import { installKernels } from './kernel.ts';
import { webgpuKernels } from './kernels.ts';
import { readMemoryLimit } from './memory-limit.ts';
import { findWebgpuAbsence } from './missing-driver.ts';
import type { WebgpuBackend } from './webgpu-backend.ts';

let installed = false;

/**
 * tfjs' WebGPU backend on Dawn (Vulkan, Metal, Direct3D 12), with our kernels where it is slow or not deterministic.
 * There is no synchronous read: `await tensor.data()`. Equal input gives equal bits on one device. Throws
 * `engine_unavailable` with the reason; once open, computing throws `device_lost` or `out_of_memory`.
 */
export async function openWebgpu(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Engine> {
  const absence = findWebgpuAbsence();
  if (absence !== undefined) throw new AppError('engine_unavailable', absence);
  const settings = readGpuSettings(env);
  const dawn = await loadDawn(settings);
  const chosen = await chooseAdapter(dawn, settings);
  const device = await openDevice(chosen.adapter, chosen.device);
  // The backend checks that WebGPU exists, and uses only the adapter that we give it.
  Object.defineProperty(globalThis.navigator, 'gpu', { value: chosen.gpu, configurable: true });
  const { WebGPUBackend, version } = await loadBackend();
  setFlags();
  if (!installed) installKernels(webgpuKernels);
  installed = true;
  const backend = new WebGPUBackend(device.device, chosen.adapter.info);
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  const memoryLimit = readMemoryLimit(chosen.adapter.info);
  const peakBytes = guardBackend(backend, device, memoryLimit);
  tf.registerBackend('webgpu', () => backend as unknown as tf.KernelBackend, 0);
  await tf.setBackend('webgpu');
  return {
    name: 'webgpu',
    device: chosen.device,
    version,
    memoryLimit,
    peakBytes,
    async backPressure() {
      await device.device.queue.onSubmittedWorkDone();
      device.check();
    },
    dispose() {
      tf.removeBackend('webgpu');
      device.close();
      // Dawn keeps the process alive as long as it can be reached.
      Reflect.deleteProperty(globalThis.navigator, 'gpu');
    },
  };
}

interface BackendPackage {
  readonly WebGPUBackend: new (device: GPUDevice, info: GPUAdapterInfo) => WebgpuBackend;
  readonly version: string;
}

/** tfjs' package; while there is no `navigator.gpu` it would not offer its own way of opening a device. */
async function loadBackend(): Promise<BackendPackage> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  return { WebGPUBackend: WebGPUBackend as unknown as BackendPackage['WebGPUBackend'], version: tf.version_core };
}
