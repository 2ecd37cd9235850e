import { randomBytes } from 'node:crypto';
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { readPlainFileSync } from '#disk/plain-file.ts';
import { acquireLock, findLockHolder } from '#trainer/run-folder/lock-file.ts';

const addressSchema = z.object({ nonce: z.string(), url: z.string() });

/** The right to be the one supervisor of a workspace. */
export interface HomeLock {
  /** Says where the sidecar that holds the lock listens, for the command line. */
  announce(url: string): void;
  release(): void;
}

const lockPath = (runsFolder: string) => join(runsFolder, 'almanac.lock');
const addressPath = (runsFolder: string) => join(runsFolder, 'almanac.address.json');

/** @throws AppError locked, naming the process and address of the Almanac that serves this folder. */
export function lockHome(runsFolder: string, nonce: string = randomBytes(12).toString('hex')): HomeLock {
  const result = acquireLock(lockPath(runsFolder), nonce);
  if ('lostTo' in result) {
    const url = findSidecar(runsFolder);
    throw new AppError(
      'locked',
      `Another Almanac (process ${result.lostTo.pid}) serves this ALMANAC_HOME${url === null ? '' : ` at ${url}`}. ` +
        'Stop it first, or set another ALMANAC_HOME.',
    );
  }
  return {
    announce(url) {
      const said = result.held.record.nonce;
      // Put in its place by a rename: what lies there may be a FIFO, which nobody could write to.
      const draft = `${addressPath(runsFolder)}.${process.pid}.tmp`;
      rmSync(draft, { force: true });
      try {
        writeFileSync(draft, `${JSON.stringify({ nonce: said, url })}\n`, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        rmSync(draft, { force: true });
        if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
        // As a lock on a full disk: the words of a link have room.
        symlinkSync(`${said} ${url}`, draft);
      }
      // Nothing but a folder in its place would keep the rename from it.
      rmSync(addressPath(runsFolder), { recursive: true, force: true });
      renameSync(draft, addressPath(runsFolder));
    },
    release() {
      rmSync(addressPath(runsFolder), { force: true });
      result.held.release();
    },
  };
}

/** Address of the living sidecar of this workspace; null where none runs, or it does not listen yet. */
export function findSidecar(runsFolder: string): string | null {
  try {
    const holder = findLockHolder(lockPath(runsFolder));
    if (holder === null) return null;
    const address = readAddress(addressPath(runsFolder));
    return address.nonce === holder.nonce ? address.url : null;
  } catch {
    return null;
  }
}

function readAddress(path: string): z.infer<typeof addressSchema> {
  if (!lstatSync(path).isSymbolicLink()) return addressSchema.parse(JSON.parse(readPlainFileSync(path)));
  const [nonce, url] = readlinkSync(path).split(' ');
  return addressSchema.parse({ nonce, url });
}
