import { readdirSync, readlinkSync } from 'node:fs';
import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive, processTable } from '#trainer/run-folder/process-identity.ts';

/** Ms without a word after which a file that no process has open is left over, where open files cannot be told. */
const oldAfter = 3_600_000;
/** The same where they can: a writer closes its file a moment before it gives it its name. */
const closedAfter = 1000;

/** Drafts of the sidecar itself: its lock is ours, so whoever wrote one is gone. */
const ownDrafts = [/^\.[0-9a-z]{10,40}\.tmp$/, /^(?:workspace|engines|notebooks)\.json(?:\.old)?\.tmp$/];
/** Locks and addresses of sidecar and starter, by whoever wrote them. */
const lockDraft = /^(?:almanac|starter)\.(?:(\d+)-(\d+)\.lock|address\.json\.(\d+))\.tmp$/;
/** Drafts of the web app, which may be at work: notebooks and drafts of forks that are being saved, files that are being uploaded. */
const notebookDraft = /\.md\.[0-9a-f]{8}\.tmp$/;
const forkDraft = /\.json\.[0-9a-f]{8}\.tmp$/;
const uploadDraft = /^\.[0-9a-f-]{36}\.upload$/;

/**
 * Removes what killed processes left half made: runs, records, uploads and notebooks. To be called by the holder of the home's
 * lock. What a living process has open, and what it may be about to name, stays. Answers the names of what went.
 */
export async function sweepLeftovers(
  { runsFolder, notebooks }: { readonly runsFolder: string; readonly notebooks: string },
  now: () => number = Date.now,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await namesIn(runsFolder)) {
    if (ownDrafts.some((draft) => draft.test(name)) || isDeadLock(name)) found.push(join(runsFolder, name));
  }
  const foreign = [
    ...(await namesIn(notebooks)).filter((name) => notebookDraft.test(name)).map((name) => join(notebooks, name)),
    ...(await namesIn(join(notebooks, '.drafts')))
      .filter((name) => forkDraft.test(name))
      .map((name) => join(notebooks, '.drafts', name)),
    ...(await namesIn(join(notebooks, 'data')))
      .filter((name) => uploadDraft.test(name))
      .map((name) => join(notebooks, 'data', name)),
  ];
  const open = foreign.length === 0 ? null : openFiles();
  for (const path of foreign) {
    const age = now() - ((await lstat(path).catch(() => null))?.mtimeMs ?? now());
    const isHeld = open?.has(await realpath(path).catch(() => path)) ?? false;
    if (!isHeld && age > (open === null ? oldAfter : closedAfter)) found.push(path);
  }
  for (const path of found) await rm(path, { recursive: true, force: true });
  return found;
}

function isDeadLock(name: string): boolean {
  const match = lockDraft.exec(name);
  if (match === null) return false;
  const [pid, startTicks] = [Number(match[1] ?? match[3]), Number(match[2])];
  // That of an address names the process alone.
  if (Number.isNaN(startTicks)) return processTable.startTicks(pid) === null;
  return !isProcessAlive({ pid, startTicks, bootId: processTable.bootId() });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/** Paths that processes have open, as far as this user may see; null where the system does not say. */
function openFiles(): ReadonlySet<string> | null {
  if (process.platform !== 'linux') return null;
  const paths = new Set<string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) paths.add(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      // It ended meanwhile, or is another user's.
    }
  }
  return paths;
}
