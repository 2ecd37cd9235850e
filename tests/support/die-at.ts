/**
 * Lets a trainer kill itself (−9) at a certain moment of its work, however fast or slow it gets there. Loaded into the
 * trainer before its program, by the settings that `diesAt` makes.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** Settings of a trainer whose first attempt ends right after it has written so many events that contain this text. */
export function diesAt(text: string, times: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, DIE_AT_TEXT: text, DIE_AT_TIMES: String(times) };
}

const text = process.env['DIE_AT_TEXT'];
const isFirst = process.argv[process.argv.indexOf('--attempt') + 1] === '1';
if (text !== undefined && isFirst && isMainThread) {
  let left = Number(process.env['DIE_AT_TIMES']);
  const write = fs.writeSync as (file: number, bytes: Uint8Array, ...rest: number[]) => number;
  const watched = (file: number, bytes: Uint8Array, ...rest: number[]): number => {
    const written = write(file, bytes, ...rest);
    if (Buffer.from(bytes).includes(text) && --left === 0) process.kill(process.pid, 'SIGKILL');
    return written;
  };
  Object.assign(fs, { writeSync: watched });
  syncBuiltinESMExports();
}
