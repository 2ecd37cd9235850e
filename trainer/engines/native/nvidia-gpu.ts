import { execFileSync } from 'node:child_process';

/** An NVIDIA GPU as its driver describes it. */
export interface NvidiaGpu {
  readonly name: string;
  /** Bytes. */
  readonly memory: number;
}

/**
 * The one GPU that this process is to use: the first that CUDA_VISIBLE_DEVICES leaves, asked of `nvidia-smi`. Undefined
 * where there is no driver, no card, or none is to be seen.
 */
export function findNvidiaGpu(env: NodeJS.ProcessEnv = process.env, command = 'nvidia-smi'): NvidiaGpu | undefined {
  const visible = (env.CUDA_VISIBLE_DEVICES ?? '0').split(',')[0].trim();
  if (visible === '' || visible.startsWith('-')) return undefined;
  const args = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits', '-i', visible];
  try {
    const output = execFileSync(command, args, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parseGpu(output);
  } catch {
    // No such program, or a driver that does not answer: no GPU.
    return undefined;
  }
}

/** First line of nvidia-smi, "NVIDIA H200, 143771" with MiB; undefined when it says something else. */
export function parseGpu(output: string): NvidiaGpu | undefined {
  const line = output.split('\n')[0];
  const comma = line.lastIndexOf(',');
  const mebibytes = Number(line.slice(comma + 1).trim() || Number.NaN);
  const name = line.slice(0, Math.max(0, comma)).trim();
  return name === '' || !(mebibytes > 0) ? undefined : { name, memory: mebibytes * 2 ** 20 };
}
