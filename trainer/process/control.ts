import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Want } from '#trainer/ml/training-state.ts';

/** A checkpoint's name is a folder's name, so it can say nothing else. */
export const checkpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit');

/** `control.json`: what is wanted of a living trainer. Written whole (rename) by the sidecar, only read here. */
export const controlSchema = z.object({
  want: z.enum(['run', 'pause', 'stop']),
  /** Save a checkpoint of this name at the next step edge. */
  checkpoint: checkpointName.nullish(),
  /** Tells two requests for one name apart; without it a rewritten file is a new request. */
  request: z.union([z.string(), z.number()]).nullish(),
  /** For which attempt; a file left over from another one is not for us. */
  attempt: z.int().nullish(),
});
export type ControlFile = z.infer<typeof controlSchema>;

export interface Control {
  /** What is wanted now; `checkpoint` names each request once. Reads the file only when it has changed. */
  poll(): { readonly want: Want; readonly checkpoint: string | null };
  /** What is wanted now; a request for a checkpoint stays for `poll`. */
  want(): Want;
  /** From now on `stop` is wanted, whatever the file says. */
  stop(): void;
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
      const control = controlSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
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
  };
}
