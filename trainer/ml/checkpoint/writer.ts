import { Worker } from 'node:worker_threads';
import type { CheckpointFiles, ManifestHead } from './manifest.ts';
import type { SavedCheckpoint } from './write.ts';

/** What a thread is asked to write: the arguments of writeCheckpoint. */
export interface WriteRequest {
  readonly root: string;
  readonly name: string;
  readonly files: CheckpointFiles;
  readonly head: ManifestHead;
}

/** The result; of an error its message, and the code by which callers tell errors apart. */
export type WriteAnswer =
  { readonly saved: SavedCheckpoint } | { readonly error: { readonly message: string; readonly code?: string } };

/** Writes checkpoints in a thread of its own, one at a time: training goes on while the disk is waited for. */
interface CheckpointWriter {
  /** Rejects with the error of the disk (its `code` is kept); the old checkpoint is then still there. */
  write(request: WriteRequest): Promise<SavedCheckpoint>;
}

export function openWriter(): CheckpointWriter {
  let worker: Worker | undefined;
  let waiting: { resolve: (saved: SavedCheckpoint) => void; reject: (error: Error) => void } | undefined;

  const start = (): Worker => {
    const thread = new Worker(new URL('./write-thread.ts', import.meta.url), { execArgv: [] });
    // One listener for good: a worker without one stops its port.
    thread.on('message', (answer: WriteAnswer) => {
      // A thread that waits for work keeps no process alive.
      thread.unref();
      if ('saved' in answer) waiting?.resolve(answer.saved);
      else waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
    });
    thread.on('error', (error) => {
      worker = undefined;
      waiting?.reject(error instanceof Error ? error : new Error(String(error)));
    });
    return thread;
  };

  return {
    write(request) {
      worker ??= start();
      worker.ref();
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        worker?.postMessage(request);
      });
    },
  };
}
