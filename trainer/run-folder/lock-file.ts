import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isDiskFull } from '#disk/full-disk.ts';
import { readPlainFileSync } from '#disk/plain-file.ts';
import { isProcessAlive, identifyProcess, type ProcessTable, processTable } from './process-identity.ts';

const recordSchema = z.object({
  pid: z.int(),
  startTicks: z.number(),
  bootId: z.string(),
  nonce: z.string(),
  at: z.string(),
});

/** What a lock file holds: who took it, and the random name of the one taking. */
type LockRecord = z.infer<typeof recordSchema>;

/** A lock that this process holds. */
interface HeldLock {
  readonly record: LockRecord;
  /** Gives it up. Not needed at the end of a process: a lock whose owner has ended is free. */
  release(): void;
}

export type LockResult = { readonly held: HeldLock } | { readonly lostTo: LockRecord };

/**
 * A lock is a family of files `<name>.lock`, `<name>.1.lock`, `<name>.2.lock` …; the highest number names the owner.
 * Each is created once and complete (written beside, then linked: O_EXCL with the content already in it). A dead
 * owner's file is never removed by others: its successor is the one who creates the next number, and only one can.
 * So two that prove the same death at the same moment cannot both win, which "remove, then create" would allow. The
 * newest owner removes what lies before its predecessor, so that a program that is killed often leaves two files, not
 * hundreds; numbers only grow, and whoever created one below the highest has looked too long ago and gives it up. Where the disk is full
 * a lock is a link that leads nowhere and whose words say the owner: those stand in the folder itself.
 */
function generations(path: string): { readonly number: number; readonly file: string }[] {
  const stem = basename(path).replace(/\.lock$/, '');
  return readdirSync(dirname(path))
    .flatMap((file) => {
      if (file === `${stem}.lock`) return [{ number: 0, file }];
      const match = file.startsWith(`${stem}.`) && /^(\d+)\.lock$/.exec(file.slice(stem.length + 1));
      return match ? [{ number: Number(match[1]), file }] : [];
    })
    .sort((a, b) => b.number - a.number);
}

function readRecord(file: string): LockRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readPlainFileSync(file)));
  } catch {
    return readBriefly(file);
  }
}

/** What a link can say in the 59 bytes for which every file system has room. */
function toBrief({ pid, startTicks, bootId }: LockRecord): string {
  return `${pid}-${startTicks}-${bootId}`;
}

function readBriefly(file: string): LockRecord | null {
  try {
    const [, pid, startTicks, bootId] = /^(\d+)-(\d+)-(.+)$/.exec(readlinkSync(file)) ?? [];
    if (bootId === undefined) return null;
    return { pid: Number(pid), startTicks: Number(startTicks), bootId, nonce: briefNonce(pid, startTicks), at: '' };
  } catch {
    return null;
  }
}

const briefNonce = (pid: string | number, startTicks: string | number) => `${pid}-${startTicks}`;

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A folder of that name is nobody's lock and stays; a draft that stays goes at a later start.
  }
}

/** The newest record of the lock `path` (`….lock`), whether its owner lives or not; null where nobody ever took it. */
export function readLock(path: string): LockRecord | null {
  for (const { file } of generations(path)) {
    const record = readRecord(join(dirname(path), file));
    if (record) return record;
  }
  return null;
}

/** The record of a living owner, or null. */
export function findLockHolder(path: string, table: ProcessTable = processTable): LockRecord | null {
  const record = readLock(path);
  return record && isProcessAlive(record, table) ? record : null;
}

/** Takes the lock `path` (`….lock`) for this process unless a living one has it. Never waits. */
export function acquireLock(
  path: string,
  nonce: string,
  options: { readonly table?: ProcessTable; readonly now?: () => Date } = {},
): LockResult {
  const { table = processTable, now = () => new Date() } = options;
  const identity = identifyProcess(process.pid, table);
  if (!identity) throw new Error('This process cannot find itself in the process table.');
  const record: LockRecord = { ...identity, nonce, at: now().toISOString() };
  const folder = dirname(path);
  const stem = join(folder, basename(path).replace(/\.lock$/, ''));
  const draft = `${stem}.${process.pid}-${Math.trunc(identity.startTicks)}.lock.tmp`;
  try {
    const isFull = !hasRoomFor(draft, record);
    for (;;) {
      const newest = generations(path)[0];
      const owner = newest && readRecord(join(folder, newest.file));
      if (owner && isProcessAlive(owner, table)) return { lostTo: owner };
      const mine = newest ? `${stem}.${newest.number + 1}.lock` : `${stem}.lock`;
      try {
        if (isFull) symlinkSync(toBrief(record), mine);
        else linkSync(draft, mine);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      const [highest, ...below] = generations(path);
      if (basename(mine) !== highest?.file) {
        rmSync(mine, { force: true });
        continue;
      }
      for (const { file } of below.slice(1)) removeFile(join(folder, file));
      const kept = isFull ? { ...record, nonce: briefNonce(record.pid, record.startTicks) } : record;
      return { held: { record: kept, release: () => rmSync(mine, { force: true }) } };
    }
  } finally {
    removeFile(draft);
  }
}

/** Writes the draft of a lock; false where the disk is full. */
function hasRoomFor(draft: string, record: LockRecord): boolean {
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(record)}\n`);
    fsyncSync(descriptor);
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
