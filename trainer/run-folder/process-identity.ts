import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names one process for ever: a pid alone is reused, a pid with its start time and the boot it belongs to is not. Every
 * process that is watched or signalled is named this way, so that no other process ever is by mistake.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks after boot (field 22 of /proc/<pid>/stat). Elsewhere: start time in ms since 1970. */
  readonly startTicks: number;
  readonly bootId: string;
}

/** Where process facts come from; tests give a table of their own. */
export interface ProcessTable {
  bootId(): string;
  /** Start of the living process `pid`; null where there is none. A zombie has ended, so it counts as none. */
  startTicks(pid: number): number | null;
}

/** Parses the text of /proc/<pid>/stat; null for a process that has ended (zombie, dead) or text that is not one. */
export function parseProcStat(text: string): number | null {
  // The second field is the command in parentheses and may hold spaces and parentheses itself.
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const ticks = Number(fields[19]);
  if (fields.length < 20 || !Number.isFinite(ticks) || 'ZXx'.includes(fields[0])) return null;
  return ticks;
}

const linux: ProcessTable = {
  bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  startTicks(pid) {
    try {
      return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return null;
    }
  },
};

const posix: ProcessTable = {
  bootId: () => execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim(),
  startTicks(pid) {
    try {
      const row = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
      const start = Date.parse(row.replace(/^\S+\s+/, ''));
      return row.startsWith('Z') || Number.isNaN(start) ? null : start;
    } catch {
      return null;
    }
  },
};

/** This machine's processes. */
export const processTable: ProcessTable = process.platform === 'linux' ? linux : posix;

/** Identity of the living process `pid` (default: this one); null where there is none. */
export function identifyProcess(pid: number = process.pid, table: ProcessTable = processTable): ProcessIdentity | null {
  const startTicks = table.startTicks(pid);
  return startTicks === null ? null : { pid, startTicks, bootId: table.bootId() };
}

/** True while exactly this process lives; false proves that it has ended (other start, other boot, zombie, gone). */
export function isProcessAlive(identity: ProcessIdentity, table: ProcessTable = processTable): boolean {
  return identity.bootId === table.bootId() && identity.startTicks === table.startTicks(identity.pid);
}

/**
 * Signals this process and no other: its identity is checked again right before. `group` signals its whole process
 * group (it must lead one). Answers whether a signal was sent.
 */
export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  options: { readonly group?: boolean; readonly table?: ProcessTable } = {},
): boolean {
  if (!isProcessAlive(identity, options.table)) return false;
  try {
    return process.kill(options.group ? -identity.pid : identity.pid, signal);
  } catch {
    return false;
  }
}
