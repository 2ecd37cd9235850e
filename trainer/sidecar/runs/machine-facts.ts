import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';

/** CPU, memory and disk of this machine. */
interface MachineLoad {
  /** Percent of all cores together since the call before, or since the start of the machine. */
  readonly cpu: number;
  readonly cores: number;
  readonly memory: { readonly used: number; readonly total: number };
  readonly disk: { readonly free: number; readonly total: number };
}

/** Reads the load; each reader measures CPU from its own last call on. */
export function createMachineReader(folder: string): () => Promise<MachineLoad> {
  let last = { busy: 0, all: 0 };
  let shown = 0;
  return async () => {
    const cores = cpus();
    const all = cores.reduce((sum, { times }) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0);
    const busy = all - cores.reduce((sum, { times }) => sum + times.idle, 0);
    // Two calls within a tick of the clock see no time pass: the reading before still stands.
    if (all > last.all) shown = (100 * (busy - last.busy)) / (all - last.all);
    last = { busy, all };
    const disk = await statfs(folder);
    return {
      cpu: Math.round(10 * Math.min(100, Math.max(0, shown))) / 10,
      cores: cores.length,
      memory: { used: totalmem() - freemem(), total: totalmem() },
      disk: { free: disk.bavail * disk.bsize, total: disk.blocks * disk.bsize },
    };
  };
}
