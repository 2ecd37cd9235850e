import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One reading of the first visible NVIDIA GPU. */
export interface GpuReading {
  /** Percent of the time in which a kernel ran. */
  readonly util: number;
  /** Bytes. */
  readonly memUsed: number;
  readonly memTotal: number;
  /** Degrees Celsius. */
  readonly temperature?: number;
  /** Watts. */
  readonly power?: number;
}

export interface GpuReader {
  /** The newest reading; undefined until there is one, and where there is no NVIDIA GPU. */
  latest(): GpuReading | undefined;
  /** The driver's name of the GPU, e.g. "NVIDIA H200"; undefined as above. */
  name(): string | undefined;
  close(): void;
}

const fields = ['name', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu', 'power.draw'];

/** Watches the GPU through one long-lived `nvidia-smi`, which prints a line every second; it keeps no process alive. */
export function openGpuReader(command = 'nvidia-smi'): GpuReader {
  let reading: GpuReading | undefined;
  let name: string | undefined;
  const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', '-l', '1'];
  const device = process.env.CUDA_VISIBLE_DEVICES?.split(',')[0]?.trim();
  if (device !== undefined && /^\d+$/.test(device)) args.push('-i', device);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const forget = () => {
    reading = undefined;
    name = undefined;
  };
  // No such program, or no driver: there is no GPU to read, which is an answer and not an error.
  child.on('error', forget).on('exit', forget);
  child.unref();
  const lines = child.stdout as NodeJS.ReadableStream & { unref?: () => void };
  lines.unref?.();
  createInterface({ input: lines }).on('line', (line) => {
    const parsed = parseGpuLine(line);
    if (parsed !== undefined) ({ reading, name } = parsed);
  });
  return { latest: () => reading, name: () => name, close: () => void child.kill() };
}

/** One line of nvidia-smi; undefined when it is no reading. Values a GPU does not have are "[N/A]" or the like. */
export function parseGpuLine(line: string): { readonly name: string; readonly reading: GpuReading } | undefined {
  const [name, ...texts] = line.split(',').map((text) => text.trim());
  const [util, memUsed, memTotal, temperature, power] = texts.map((text) => (text === '' ? Number.NaN : Number(text)));
  if (texts.length !== fields.length - 1 || ![util, memUsed, memTotal].every(Number.isFinite)) return undefined;
  const mebibyte = 2 ** 20;
  return {
    name,
    reading: {
      util,
      memUsed: memUsed * mebibyte,
      memTotal: memTotal * mebibyte,
      ...(Number.isFinite(temperature) ? { temperature } : {}),
      ...(Number.isFinite(power) ? { power } : {}),
    },
  };
}
