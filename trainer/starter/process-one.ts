import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A process as far as its place in the tree goes. */
interface TreeProcess {
  readonly parent: number;
  readonly args: readonly string[];
}

function readProcess(pid: number): TreeProcess | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0), args };
  } catch {
    return null;
  }
}

const shell = '/bin/sh';
const mark = 'almanac-init';

/**
 * What process 1 is while the starter is its child: it waits for every process that is left to it, so that none stays behind
 * as a zombie, hands each signal to the starter as SIGTERM and ends as the starter does.
 */
const init = `"$@" & child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
exit "$status"`;

/** As process 1 of a container, makes way for one that reaps; does not return then. Elsewhere nothing happens. */
export function makeWayForInit(): void {
  if (process.pid !== 1 || process.platform !== 'linux' || process.execve === undefined || !existsSync(shell)) return;
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(shell, ['sh', '-c', init, mark, ...program], process.env);
}

/** Programs that as process 1 hand signals to their one child and end with it. */
const inits = ['tini', 'tini-static', 'docker-init', 'dumb-init', 'catatonit'];

/** npm writes its command over its arguments. */
function endsWithChild({ args }: TreeProcess): boolean {
  return args[3] === mark || inits.includes(basename(args[0])) || /^npm( |$)/.test(args[0]);
}

/**
 * Whether the end of this process is the end of all others, trainers too: it is process 1 of a container, or between it and
 * process 1 is nothing but what ends with it.
 */
export function isLifeOfAll(
  pid: number = process.pid,
  read: (pid: number) => TreeProcess | null = readProcess,
): boolean {
  for (let above = pid; above !== 1;) {
    above = read(above)?.parent ?? 0;
    const found = above === 0 ? null : read(above);
    if (found === null || !endsWithChild(found)) return false;
  }
  return true;
}
