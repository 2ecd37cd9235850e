import { describe, expect, it } from 'vitest';
import { readGpuTrouble } from '#trainer/engines/native/gpu-trouble.ts';
import { findNvidiaGpu, parseGpu } from '#trainer/engines/native/nvidia-gpu.ts';

describe('findNvidiaGpu', () => {
  it('finds none where there is no driver, or none is to be seen', () => {
    expect(findNvidiaGpu({}, 'no-such-nvidia-smi')).toBeUndefined();
    expect(findNvidiaGpu({ CUDA_VISIBLE_DEVICES: '-1' }, 'echo')).toBeUndefined();
    expect(findNvidiaGpu({ CUDA_VISIBLE_DEVICES: '' }, 'echo')).toBeUndefined();
  });

  it('reads name and memory', () => {
    expect(parseGpu('NVIDIA H200, 143771\n')).toEqual({ name: 'NVIDIA H200', memory: 143771 * 2 ** 20 });
    for (const text of ['', 'No devices were found', 'NVIDIA H200, [N/A]', ', 12'])
      expect(parseGpu(text)).toBeUndefined();
  });
});

describe('readGpuTrouble', () => {
  it.each([
    [
      "W dso_loader.cc:64] Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file",
      'libcudnn.so.8 was not found',
    ],
    ["Could not load dynamic library 'libcuda.so.1'; dlerror", 'the driver library libcuda.so.1 was not found'],
    [
      'E cuda_platform.cc:51] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: CUDA_ERROR_NO_DEVICE: no device',
      'the driver answered INTERNAL: CUDA error: Failed call to cuInit: CUDA_ERROR_NO_DEVICE: no device',
    ],
    ['I Could not find cuda drivers on your machine, GPU will not be used.', 'TensorFlow found no CUDA driver'],
    ['W gpu_device.cc] Cannot dlopen some GPU libraries. Please make sure', 'some CUDA libraries were not found'],
  ])('finds in "%s" what is missing', (log, trouble) => {
    expect(readGpuTrouble(log)).toBe(trouble);
  });

  it('names the command where the library was built without a GPU', () => {
    expect(readGpuTrouble('')).toMatch(/engine:native -- --gpu/);
  });
});
