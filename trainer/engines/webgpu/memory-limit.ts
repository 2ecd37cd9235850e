import { execFileSync } from 'node:child_process';

/** Share of the card's memory that tensors may take: the driver, the display and the compiled programs need some. */
const share = 0.9;

/**
 * Bytes that tensors may take; null where that is not known. WebGPU does not report it; for NVIDIA's cards `nvidia-smi`
 * does. With several cards the smallest counts, because two cards of one kind have the same name in WebGPU.
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
