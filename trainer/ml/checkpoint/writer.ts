import { Worker } from 'node:worker_threads';
import type { CheckpointFiles, Manifest } from './manifest.ts';
import type { SavedCheckpoint } from './write.ts';

/** What a thread is asked to write: the arguments of writeCheckpoint. */
export interface WriteRequest {
  readonly root: string;
  readonly name: string;
  readonly files: CheckpointFiles;
  readonly head: Pick<Manifest, 'format' | 'step' | 'epoch'>;
}

/** What came of it; of an error, what others tell errors apart by. */
export type WriteAnswer =
  { readonly saved: SavedCheckpoint } | { readonly error: { readonly message: string; readonly code?: string } };

/** Writes checkpoints in a thread of its own, one at a time: training goes on while the disk is waited for. */
export interface CheckpointWriter {
  /** Rejects with the error of the disk (its `code` is kept); the old checkpoint is then still there. */
  write(request: WriteRequest): Promise<SavedCheckpoint>;
}

export function openWriter(): CheckpointWriter {
  let worker: Worker | undefined;
  return {
    write(request) {
      worker ??= new Worker(new URL('./write-thread.ts', import.meta.url), { execArgv: [] });
      const thread = worker;
      thread.ref();
      return new Promise((resolve, reject) => {
        const settle = (work: () => void): void => {
          thread.removeAllListeners();
          // A thread that waits for work keeps no process alive.
          thread.unref();
          work();
        };
        thread.once('message', (answer: WriteAnswer) => {
          settle(() => {
            if ('saved' in answer) resolve(answer.saved);
            else reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
          });
        });
        thread.once('error', (error) => {
          worker = undefined;
          settle(() => reject(error));
        });
        thread.postMessage(request);
      });
    },
  };
}
