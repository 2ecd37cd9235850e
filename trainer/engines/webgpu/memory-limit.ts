import { execFileSync } from 'node:child_process';

/** Share of the card's memory that tensors may take: the driver, the display and the compiled programs need some. */
const share = 0.9;

/**
 * Bytes that tensors may take; null where nobody tells. WebGPU does not: of NVIDIA's cards `nvidia-smi` says it. With several
 * cards it is that of the smallest, as WebGPU's name of a card does not tell two of a kind apart.
 */
export function readMemoryLimit(info: Pick<GPUAdapterInfo, 'vendor'>, command = 'nvidia-smi'): number | null {
  if (info.vendor !== 'nvidia') return null;
  const args = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] });
    const mebibytes = text.trim().split('\n').map(Number);
    const least = Math.min(...mebibytes);
    return least > 0 && Number.isFinite(least) ? Math.floor(share * least * 2 ** 20) : null;
  } catch {
    return null;
  }
}
