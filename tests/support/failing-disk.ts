/**
 * Node's own file calls, of which the k-th under a folder fails: product code is run as it is, whichever of them it uses.
 * Tests only; one at a time in a process.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';

export interface Fault {
  /** Calls that change something are counted under this folder. */
  readonly root: string;
  /** Which of them fails, from 1. */
  readonly k: number;
  readonly code: 'EIO' | 'ENOSPC';
}

/** How the work ended, and which call failed; null where it made fewer than k. */
interface Outcome<Result> {
  readonly end: { readonly result: Result } | { readonly error: unknown };
  readonly failed: string | null;
}

type Call = (...args: never[]) => unknown;
type Calls = Record<string, Call>;

const byPath = ['open', 'writeFile', 'mkdir', 'rename', 'link', 'symlink', 'rm', 'unlink', 'copyFile', 'truncate'];
const ofHandle = ['write', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate'];
const ofDescriptor = ['writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'];

/** Runs the work while the k-th call fails, once. A write that fails has written half of its bytes. */
export async function withFault<Result>(fault: Fault, work: () => Promise<Result>): Promise<Outcome<Result>> {
  const root = resolve(fault.root);
  const isUnder = (path: unknown) => typeof path === 'string' && (path === root || path.startsWith(root + sep));
  let calls = 0;
  let failed: string | null = null;
  /** Counts a call; true where it is the one. */
  const isIt = (name: string) => {
    if (++calls !== fault.k) return false;
    failed = name;
    return true;
  };
  const refusal = (name: string) =>
    Object.assign(new Error(`${fault.code}: made to fail, ${name}`), { code: fault.code, syscall: name });
  const half = (data: unknown): Uint8Array => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : (data as Uint8Array);
    return bytes.subarray(0, bytes.length >> 1);
  };
  const reads = (flags: unknown) =>
    flags === undefined ||
    flags === 'r' ||
    (typeof flags === 'number' && (flags & 3) === 0 && (flags & fs.constants.O_CREAT) === 0);

  const undo: (() => void)[] = [];
  const replace = (target: object, name: string, make: (call: Call) => Call) => {
    const calls = target as Calls;
    const before = calls[name];
    calls[name] = make(before);
    undo.push(() => (calls[name] = before));
  };

  const handles = new WeakSet<object>();
  const descriptors = new Set<number>();
  const probe = await promises.open('/dev/null', 'r');
  const handlePrototype = Object.getPrototypeOf(probe) as object;
  await probe.close();

  for (const name of byPath) {
    replace(promises, name, (call) => async (...args: never[]) => {
      const isOurs = isUnder(args[0]) || isUnder(args[1]);
      if (isOurs && !(name === 'open' && reads(args[1])) && isIt(name)) throw refusal(name);
      const result = await (call as (...all: never[]) => Promise<object>)(...args);
      if (name === 'open' && isOurs) handles.add(result);
      return result;
    });
    replace(fs, `${name}Sync`, (call) => (...args: never[]) => {
      const isOurs = isUnder(args[0]) || isUnder(args[1]);
      if (isOurs && !(name === 'open' && reads(args[1])) && isIt(`${name}Sync`)) throw refusal(`${name}Sync`);
      const result = call(...args);
      if (name === 'open' && isOurs) descriptors.add(result as number);
      return result;
    });
  }
  for (const name of ofHandle) {
    replace(
      handlePrototype,
      name,
      (call) =>
        async function (this: object, ...args: never[]) {
          if (handles.has(this) && isIt(`handle.${name}`)) {
            if (/write|append/i.test(name)) await (call as Call).apply(this, [half(args[0])] as never);
            throw refusal(name);
          }
          return (call as Call).apply(this, args);
        } as Call,
    );
  }
  for (const name of ofDescriptor) {
    replace(fs, name, (call) => (...args: never[]) => {
      if (descriptors.has(args[0]) && isIt(name)) {
        if (name === 'writeSync') call(...([args[0], half(args[1])] as never[]));
        throw refusal(name);
      }
      return call(...args);
    });
  }
  replace(fs, 'closeSync', (call) => (...args: never[]) => {
    descriptors.delete(args[0]);
    return call(...args);
  });
  replace(fs, 'fsync', (call) => (...args: never[]) => {
    if (!descriptors.has(args[0]) || !isIt('fsync')) return call(...args);
    return setImmediate(args[1] as (error: Error) => void, refusal('fsync'));
  });
  syncBuiltinESMExports();
  try {
    const end = await work().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    return { end, failed };
  } finally {
    for (const back of undo.reverse()) back();
    syncBuiltinESMExports();
  }
}

/**
 * Runs a case for k = 1, 2, … until no call fails any more, with each code; `attempt` makes everything anew and looks at
 * what is left. Answers how many calls were made to fail.
 */
export async function failEachCall(
  attempt: (fault: Omit<Fault, 'root'>) => Promise<string | null>,
  {
    step = 1,
    codes = ['EIO', 'ENOSPC'] as const,
  }: { readonly step?: number; readonly codes?: readonly Fault['code'][] } = {},
): Promise<number> {
  let faults = 0;
  for (const code of codes) {
    for (let k = 1; ; k += step) {
      let failed: string | null;
      try {
        failed = await attempt({ k, code });
      } catch (error) {
        throw new Error(`call ${k} failed with ${code}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      if (failed === null) break;
      faults++;
    }
  }
  return faults;
}
