import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlRequest, controlSchema, type Want } from '#core/run/control.ts';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile, readPlainFileSync } from '#disk/plain-file.ts';
import { replaceFile } from '#disk/replace-file.ts';

export interface Control {
  /** What is wanted now; `checkpoint` names each request once. Reads the file only when it has changed. */
  poll(): { readonly want: Want; readonly checkpoint: string | null };
  /** What is wanted now; a request for a checkpoint stays for `poll`. */
  want(): Want;
  /** From now on `stop` is wanted, whatever the file says. */
  stop(): void;
  /** Whether the file says `stop`: somebody asked for it. */
  isStopAsked(): boolean;
}

/** Follows the control file `path`. A missing or unreadable file changes nothing: the last known wish stands. */
export function followControl(path: string, attempt: number): Control {
  let stamp = '';
  let want: Want = 'run';
  let stopped = false;
  let pending: string | null = null;
  let taken: string | null = null;

  const refresh = () => {
    try {
      const { mtimeNs, ino, size } = statSync(path, { bigint: true });
      const seen = `${mtimeNs}-${ino}-${size}`;
      if (seen === stamp) return;
      const control = controlSchema.parse(JSON.parse(readPlainFileSync(path)));
      stamp = seen;
      if (control.attempt != null && control.attempt !== attempt) return;
      want = control.want;
      if (!control.checkpoint) return;
      const request = `${control.checkpoint} ${control.request ?? seen}`;
      if (request === taken) return;
      taken = request;
      pending = control.checkpoint;
    } catch {
      // Not there, or caught while somebody writes it in place: the next poll looks again.
    }
  };

  const current = (): Want => {
    refresh();
    return stopped ? 'stop' : want;
  };

  return {
    want: current,
    poll() {
      const now = current();
      const checkpoint = pending;
      pending = null;
      return { want: now, checkpoint };
    },
    stop() {
      stopped = true;
    },
    isStopAsked() {
      refresh();
      return want === 'stop';
    },
  };
}

/** Replaces the file as a whole: a reader sees the old or the new one. */
export async function writeControl(runFolder: string, control: ControlRequest): Promise<void> {
  await replaceFile(join(runFolder, runFiles.control), `${JSON.stringify(control)}\n`);
}

/** What was last wanted; null where nothing readable is there. */
export async function readControl(runFolder: string): Promise<ControlRequest | null> {
  try {
    return controlSchema.parse(JSON.parse(await readPlainFile(join(runFolder, runFiles.control))));
  } catch {
    return null;
  }
}
