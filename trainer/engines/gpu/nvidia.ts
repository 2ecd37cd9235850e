import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type GpuReading, type OpenGpu, toReading } from './reading.ts';

const fields = ['name', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu', 'power.draw'];

/** The first visible NVIDIA GPU through one long-lived `nvidia-smi`, which prints a line every second. */
export function openNvidia(command = 'nvidia-smi', visible = process.env.CUDA_VISIBLE_DEVICES): OpenGpu {
  return (absent) => {
    let newest: ReturnType<typeof parseGpuLine>;
    let said = '';
    const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', '-l', '1'];
    const device = visible?.split(',')[0]?.trim();
    if (device !== undefined && /^\d+$/.test(device)) args.push('-i', device);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let ended = false;
    const end = (why: string) => {
      newest = undefined;
      if (ended) return;
      ended = true;
      absent(why);
    };
    // No such program, or no driver: there is no GPU to read, which is an answer and not an error.
    child.on('error', () => end('nvidia-smi is not installed'));
    child.on('close', () => end(said === '' ? 'nvidia-smi ended' : `nvidia-smi said "${said}"`));
    child.unref();
    const output = child.stdout as NodeJS.ReadableStream & { unref?: () => void };
    output.unref?.();
    createInterface({ input: output }).on('line', (line) => {
      const parsed = parseGpuLine(line);
      if (parsed !== undefined) newest = parsed;
      else if (said === '') said = line.trim().slice(0, 200).replace(/\.$/, '');
    });
    return {
      latest: () => newest?.reading,
      name: () => newest?.name,
      close() {
        ended = true;
        child.kill();
      },
    };
  };
}

/**
 * One line of nvidia-smi; undefined when it is no reading. Values a GPU does not have are "[N/A]" or the like; of a part
 * of a GPU (MIG) that is all but the name.
 */
export function parseGpuLine(line: string): { readonly name: string; readonly reading: GpuReading } | undefined {
  const [name, ...texts] = line.split(',').map((text) => text.trim());
  if (name === '' || texts.length !== fields.length - 1) return undefined;
  if (!texts.every((text) => /^(\d+(\.\d+)?|\[.*\]|N\/A)$/.test(text))) return undefined;
  const [util, memUsed, memTotal, temperature, power] = texts.map(Number);
  const mebibyte = 2 ** 20;
  return {
    name,
    reading: toReading({ util, memUsed: memUsed * mebibyte, memTotal: memTotal * mebibyte, temperature, power }),
  };
}
