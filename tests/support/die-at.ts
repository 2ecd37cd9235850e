/**
 * Lets a trainer signal itself at a certain moment of its work, however fast or slow it gets there. Loaded into the
 * trainer before its program, by the settings that `diesAt` makes.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Settings of a trainer whose first attempt gets a signal, by default the one that nobody survives, right after it has
 * written so many events that contain this text; `group`: with all the processes of its group.
 */
export function diesAt(
  text: string,
  times: number,
  { signal = 'SIGKILL', group = false }: { readonly signal?: NodeJS.Signals; readonly group?: boolean } = {},
): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=${import.meta.url}`,
    DIE_AT_TEXT: text,
    DIE_AT_TIMES: String(times),
    DIE_AT_SIGNAL: signal,
    DIE_AT_TARGET: group ? 'group' : 'process',
  };
}

const text = process.env['DIE_AT_TEXT'];
const isFirst = process.argv[process.argv.indexOf('--attempt') + 1] === '1';
if (text !== undefined && isFirst && isMainThread) {
  let left = Number(process.env['DIE_AT_TIMES']);
  const target = process.env['DIE_AT_TARGET'] === 'group' ? -process.pid : process.pid;
  const write = fs.writeSync as (file: number, bytes: Uint8Array, ...rest: number[]) => number;
  const watched = (file: number, bytes: Uint8Array, ...rest: number[]): number => {
    const written = write(file, bytes, ...rest);
    if (Buffer.from(bytes).includes(text) && --left === 0) process.kill(target, process.env['DIE_AT_SIGNAL']);
    return written;
  };
  Object.assign(fs, { writeSync: watched });
  syncBuiltinESMExports();
}
