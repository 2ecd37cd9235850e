import { describe, expect, it, vi } from 'vitest';
import { openNvidia, parseGpuLine } from '#trainer/engines/gpu/nvidia.ts';
import { fakeProgram } from '#tests/support/fake-program.ts';

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
    const part = 'NVIDIA H100, [N/A], [Insufficient Permissions], [N/A], 30, 90.1';
    expect(parseGpuLine(part)).toEqual({ name: 'NVIDIA H100', reading: { temperature: 30, power: 90.1 } });
  });

  it('finds no reading in an error message', () => {
    for (const text of ['', 'No devices were found', 'a, b, c, d, e, f', 'NVIDIA, 1, 2', 'NVIDIA, , 2, 3, 4, 5']) {
      expect(parseGpuLine(text)).toBeUndefined();
    }
  });
});

describe.skipIf(process.platform === 'win32')('openNvidia', () => {
  it('says that the program is not installed', async () => {
    const absent = vi.fn();
    openNvidia('no-such-program-anywhere')(absent);
    await expect.poll(() => absent.mock.calls).toEqual([['nvidia-smi is not installed']]);
  });

  it('hands on what the program says instead of readings', async () => {
    const absent = vi.fn();
    openNvidia(fakeProgram("echo 'No devices were found.'; echo more; exit 6"))(absent);
    await expect.poll(() => absent.mock.calls).toEqual([['nvidia-smi said "No devices were found"']]);
  });

  it('follows the lines of one living program, and is silent when it is closed', async () => {
    const absent = vi.fn();
    const source = openNvidia(fakeProgram(`echo '${line}'\nexec sleep 60`))(absent);
    await expect.poll(() => source?.latest()).toEqual(reading);
    expect(source?.name()).toBe('NVIDIA H200');
    source?.close();
    await expect.poll(() => source?.latest()).toBeUndefined();
    expect(absent).not.toHaveBeenCalled();
  });

  it('reads the first visible device', async () => {
    const program = fakeProgram(`case "$*" in *"-i 3"*) echo '${line}';; esac\nexec sleep 60`);
    const source = openNvidia(program, '3,1')(() => undefined);
    await expect.poll(() => source?.latest()).toEqual(reading);
    source?.close();
  });
});
