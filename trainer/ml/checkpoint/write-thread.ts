// Program of the thread that writes checkpoints (writer.ts): a request comes, an answer goes.
import { parentPort } from 'node:worker_threads';
import { writeCheckpoint } from './write.ts';
import type { WriteAnswer, WriteRequest } from './writer.ts';

parentPort?.on('message', ({ root, name, files, head }: WriteRequest) => {
  const answer = (value: WriteAnswer): void => parentPort?.postMessage(value);
  writeCheckpoint(root, name, files, head).then(
    (saved) => answer({ saved }),
    (error: NodeJS.ErrnoException) =>
      answer({ error: { message: error.message, ...(error.code ? { code: error.code } : {}) } }),
  );
});
