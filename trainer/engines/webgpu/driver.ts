import type { EngineDriver } from '../driver.ts';
import { mayHaveGpu } from '../gpus.ts';
import { findWebgpuAbsence } from './missing-driver.ts';

/** Vulkan drivers that compute on the processor. */
const software = /swiftshader|llvmpipe|lavapipe|\bcpu\b/i;

export const webgpuDriver: EngineDriver = {
  packages: ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
  open: async () => (await import('./webgpu.ts')).openWebgpu(),
  findAbsence: () => findWebgpuAbsence(),
  mayHaveDevice: () => mayHaveGpu(),
  // NVIDIA's driver brings its own Vulkan; Mesa's is that of AMD and Intel.
  remedy: (platform) =>
    platform === 'linux'
      ? "sudo apt-get install libvulkan1 mesa-vulkan-drivers (AMD, Intel), or NVIDIA's own driver"
      : "the newest driver of the GPU's vendor",
  /**
   * Dawn selects cards by name alone, so of several with one name only the first can be chosen; none where it took a
   * card of another vendor.
   */
  findCards(device, gpus, env) {
    if (software.test(device)) return null;
    if (!gpus.some((gpu) => device.includes(gpu.name))) return [];
    const wanted = env['ALMANAC_GPU_ADAPTER'] ?? '';
    return gpus.filter((gpu, i) => gpu.name.includes(wanted) && gpus.findIndex(({ name }) => name === gpu.name) === i);
  },
  pin: (name) => ({ ALMANAC_GPU_ADAPTER: name }),
};
