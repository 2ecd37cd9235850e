import { randomBytes } from 'node:crypto';
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { isDiskFull } from '#disk/full-disk.ts';
import { readPlainFileSync } from '#disk/plain-file.ts';
import { unusableHome } from './home.ts';
import { acquireLock, findLockHolder, type LockResult } from './run-folder/lock-file.ts';

const addressSchema = z.object({ nonce: z.string(), url: z.string() });

/** The right to be the one supervisor of a workspace. */
export interface HomeLock {
  /** Says where whoever holds the lock listens: to the command line, and to a second one that wants the home. @throws where it cannot be written. */
  announce(url: string): void;
  release(): void;
}

/** Who has a home: the sidecar (or a command that is one for a while), and the program that starts page and sidecar. */
type Holder = 'sidecar' | 'starter';

/** The stem of the lock's files in the runs folder. */
const stems: Readonly<Record<Holder, string>> = { sidecar: 'almanac', starter: 'starter' };

const lockPath = (runsFolder: string, holder: Holder) => join(runsFolder, `${stems[holder]}.lock`);
const addressPath = (runsFolder: string, holder: Holder) => join(runsFolder, `${stems[holder]}.address.json`);

/** @throws AppError locked, naming process, start and address of the Almanac that has this folder. */
export function lockHome(
  runsFolder: string,
  holder: Holder = 'sidecar',
  nonce: string = randomBytes(12).toString('hex'),
): HomeLock {
  let result: LockResult;
  try {
    result = acquireLock(lockPath(runsFolder, holder), nonce);
  } catch (error) {
    throw unusableHome(dirname(runsFolder), error);
  }
  if ('lostTo' in result) throw takenHome(runsFolder, holder, result.lostTo);
  const { held } = result;
  const address = addressPath(runsFolder, holder);
  return {
    announce(url) {
      // Put in its place by a rename: what lies there may be a FIFO, which nobody could write to.
      const draft = `${address}.${process.pid}.tmp`;
      rmSync(draft, { force: true });
      const said = held.record.nonce;
      try {
        writeFileSync(draft, `${JSON.stringify({ nonce: said, url })}\n`, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        rmSync(draft, { force: true });
        if (!isDiskFull(error)) throw error;
        // As a lock on a full disk: the words of a link have room.
        symlinkSync(`${said} ${url}`, draft);
      }
      try {
        renameSync(draft, address);
      } finally {
        rmSync(draft, { force: true });
      }
    },
    release() {
      // A folder that lies there is none of ours.
      if (findAddress(runsFolder, holder) !== null) rmSync(address, { force: true });
      held.release();
    },
  };
}

/** What a second one is told. */
function takenHome(runsFolder: string, holder: Holder, { pid, at }: { pid: number; at: string }): AppError {
  const url = findAddress(runsFolder, holder);
  const since = at === '' ? '' : `, since ${at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}`;
  return new AppError(
    'locked',
    `Another Almanac (process ${pid}${since}) has the ALMANAC_HOME ${dirname(runsFolder)}` +
      `${url === null ? '' : ` and serves it at ${url}`}. Stop it first, or set another ALMANAC_HOME.`,
  );
}

/** @throws AppError locked while a sidecar, or a command that is one for a while, has the home. */
export function requireNoSidecar(runsFolder: string): void {
  const holder = findLockHolder(lockPath(runsFolder, 'sidecar'));
  if (holder !== null) throw takenHome(runsFolder, 'sidecar', holder);
}

/** Address of the living sidecar of this workspace; null where none runs, or it does not listen yet. */
export function findSidecar(runsFolder: string): string | null {
  return findAddress(runsFolder, 'sidecar');
}

function findAddress(runsFolder: string, role: Holder): string | null {
  try {
    const holder = findLockHolder(lockPath(runsFolder, role));
    if (holder === null) return null;
    const address = readAddress(addressPath(runsFolder, role));
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
