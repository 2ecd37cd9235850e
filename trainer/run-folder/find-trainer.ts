import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attemptLockPath, attemptsIn } from './attempt-lock.ts';
import { findLockHolder } from './lock-file.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

/**
 * The living trainer of an attempt, whoever started it: the holder of the attempt lock, else a process whose command
 * line names run and attempt (it may not have taken the lock yet). Null proves that there is none.
 */
export function findTrainer(runFolder: string, attempt: number): ProcessIdentity | null {
  const holder = findLockHolder(attemptLockPath(runFolder, attempt));
  if (holder !== null) return { pid: holder.pid, startTicks: holder.startTicks, bootId: holder.bootId };
  for (const { pid, args } of commandLines()) {
    const run = args.indexOf('--run');
    const nth = args.indexOf('--attempt');
    if (run < 0 || nth < 0 || args[run + 1] !== runFolder || args[nth + 1] !== String(attempt)) continue;
    const identity = identifyProcess(pid);
    if (identity !== null) return identity;
  }
  return null;
}

/** A living trainer and the run it writes. */
interface FoundTrainer {
  readonly id: string;
  readonly identity: ProcessIdentity;
}

/** All living trainers of a runs folder, whoever started them. */
export function findTrainers(runsFolder: string): readonly FoundTrainer[] {
  if (process.platform === 'linux') {
    return [...commandLines()].flatMap(({ pid, args }) => {
      const folder = args[args.indexOf('--run') + 1] ?? '';
      if (!args.includes('--attempt') || dirname(folder) !== runsFolder) return [];
      const identity = identifyProcess(pid);
      return identity === null ? [] : [{ id: basename(folder), identity }];
    });
  }
  const folders = readdirSync(runsFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) =>
    attemptsIn(join(runsFolder, name)).flatMap((attempt) => {
      const holder = findLockHolder(attemptLockPath(join(runsFolder, name), attempt));
      return holder === null ? [] : [{ id: name, identity: holder }];
    }),
  );
}

function* commandLines(): Generator<{ pid: number; args: readonly string[] }> {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      yield { pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') };
    } catch {
      // It ended between the two calls.
    }
  }
}
