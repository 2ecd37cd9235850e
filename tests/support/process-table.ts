import { readFileSync } from 'node:fs';

/** What Linux tells of a process under /proc; empty where there is no such process, or no such table. */
export function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Process ids of the children of a process, of those alone whose command lines contain these words. */
export function childrenOf(parent: number, words = ''): readonly number[] {
  const pids = readProcess(parent, `task/${parent}/children`).trim().split(' ').filter(Boolean).map(Number);
  return pids.filter((pid) => readProcess(pid, 'cmdline').includes(words));
}

/** Whether a process is there that does more than wait for its parent to notice its end. */
export function isAlive(pid: number): boolean {
  const stat = readProcess(pid, 'stat');
  return stat !== '' && !/\) Z/.test(stat);
}

/** Bytes of memory that a process has resident now, or the most it ever had; NaN where it is not there. */
export function memoryOf(pid: number, when: 'now' | 'most' = 'now'): number {
  const name = when === 'now' ? 'VmRSS' : 'VmHWM';
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(readProcess(pid, 'status'))?.[1] ?? NaN) * 1024;
}
