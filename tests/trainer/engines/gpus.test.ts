import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { listGpus, mayHaveGpu } from '#trainer/engines/gpus.ts';

const listing = `GPU 0: NVIDIA H200 (UUID: GPU-aa00)
  MIG 1g.18gb     Device  0: (UUID: MIG-1)
GPU 1: NVIDIA H200 (UUID: GPU-bb11)
GPU 2: NVIDIA L4 (UUID: GPU-cc22)`;

/** A program that answers as `nvidia-smi -L` does. */
function fakeSmi(text: string, code = 0): string {
  const path = join(temporaryFolder(), 'smi');
  writeFileSync(path, `#!/bin/sh\n[ "$1" = -L ] || exit 9\ncat <<'END'\n${text}\nEND\nexit ${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('listGpus', () => {
  it('lists the GPUs, and no slices of them', async () => {
    expect(await listGpus(fakeSmi(listing), {})).toEqual([
      { index: 0, name: 'NVIDIA H200', uuid: 'GPU-aa00' },
      { index: 1, name: 'NVIDIA H200', uuid: 'GPU-bb11' },
      { index: 2, name: 'NVIDIA L4', uuid: 'GPU-cc22' },
    ]);
  });

  it('keeps to those that are visible, in their order', async () => {
    const visible = async (CUDA_VISIBLE_DEVICES: string) =>
      (await listGpus(fakeSmi(listing), { CUDA_VISIBLE_DEVICES })).map(({ index }) => index);
    expect(await visible('2, 0')).toEqual([2, 0]);
    expect(await visible('GPU-bb')).toEqual([1]);
    expect(await visible('')).toEqual([]);
    expect(await visible('7')).toEqual([]);
  });

  it('finds none without the program, or where it fails', async () => {
    expect(await listGpus('no-such-program-anywhere', {})).toEqual([]);
    expect(await listGpus(fakeSmi(listing, 9), {})).toEqual([]);
    expect(await listGpus(fakeSmi('No devices were found'), {})).toEqual([]);
  });
});

it('takes a named Vulkan driver, and any other system than Linux, for the sign of a GPU', () => {
  expect(mayHaveGpu({ VK_ICD_FILENAMES: '/x.json' }, 'linux')).toBe(true);
  expect(mayHaveGpu({}, 'darwin')).toBe(true);
});
