import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openGpuReader, parseGpuLine } from '#trainer/ml/engine/gpu.ts';

const line = 'NVIDIA H200, 37, 1024, 143771, 41, 119.35';
const reading = { util: 37, memUsed: 2 ** 30, memTotal: 143771 * 2 ** 20, temperature: 41, power: 119.35 };

describe('parseGpuLine', () => {
  it('reads a line of nvidia-smi into bytes, degrees and watts', () => {
    expect(parseGpuLine(line)).toEqual({ name: 'NVIDIA H200', reading });
  });

  it('leaves out what a GPU does not measure', () => {
    expect(parseGpuLine('Tesla, 0, 1, 2, [N/A], [Not Supported]')).toEqual({
      name: 'Tesla',
      reading: { util: 0, memUsed: 2 ** 20, memTotal: 2 ** 21 },
    });
  });

  it('finds no reading in an error message', () => {
    for (const text of ['', 'No devices were found', 'a, b, c, d, e, f', 'NVIDIA, 1, 2', 'NVIDIA, , 2, 3, 4, 5']) {
      expect(parseGpuLine(text)).toBeUndefined();
    }
  });
});

describe('openGpuReader', () => {
  it('has no reading where the program is not installed', async () => {
    const reader = openGpuReader('no-such-program-anywhere');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reader.latest()).toBeUndefined();
    reader.close();
  });

  it.skipIf(process.platform === 'win32')(
    'follows the lines of a living program and forgets them at its end',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
      const command = join(folder, 'smi');
      writeFileSync(command, `#!/bin/sh\necho '${line}'\nexec sleep 60\n`);
      chmodSync(command, 0o755);
      const reader = openGpuReader(command);
      try {
        await vi.waitFor(() => expect(reader.latest()).toEqual(reading), { timeout: 10_000 });
        expect(reader.name()).toBe('NVIDIA H200');
        reader.close();
        await vi.waitFor(() => expect(reader.latest()).toBeUndefined(), { timeout: 10_000 });
      } finally {
        reader.close();
        rmSync(folder, { recursive: true });
      }
    },
  );
});
