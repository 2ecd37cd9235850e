import { makeZip, predictLength } from 'client-zip';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { openRunFile, type RunFile } from '#trainer/run-folder/open-file.ts';
import { filesOfCheckpoint } from './artifact-list.ts';

/** Bytes of a file that are in memory at a time. */
const pieceBytes = 256 * 1024;

interface CheckpointZip {
  readonly bytes: bigint;
  /** Holds one piece, and the files open until it has been read or cancelled: whoever asked for it does one of both. */
  readonly stream: ReadableStream<Uint8Array>;
}

/**
 * A checkpoint as one zip archive, made while it is read, stored without compression (weights do not compress). All files
 * are opened before any is read, and again if the checkpoint was replaced between two of them: an archive never mixes two
 * checkpoints.
 * @throws AppError artifact_not_found.
 */
export async function zipCheckpoint(runFolder: string, name: string): Promise<CheckpointZip> {
  const files = await openCheckpoint(runFolder, name);
  const entries = files.map(([path, file]) => ({
    name: path.slice(`${runFiles.checkpoints}/`.length),
    size: file.bytes,
    lastModified: new Date(file.modifiedMs),
    input: piecesOf(file),
  }));
  const zip = makeZip(entries).getReader();
  return {
    bytes: predictLength(entries),
    stream: new ReadableStream(
      {
        async pull(controller) {
          try {
            const { value, done } = await zip.read();
            if (!done) return controller.enqueue(value);
            controller.close();
          } catch (error) {
            controller.error(error);
          }
          await closeAll(files);
        },
        async cancel(reason) {
          await zip.cancel(reason);
          await closeAll(files);
        },
      },
      { highWaterMark: 0 },
    ),
  };
}

type OpenFiles = readonly (readonly [string, RunFile])[];

async function openCheckpoint(runFolder: string, name: string): Promise<OpenFiles> {
  for (let attempt = 0; ; attempt++) {
    const files = await openAll(runFolder, name);
    const again = await openRunFile(runFolder, files[0][0]).catch(() => null);
    await again?.handle.close();
    if (again?.inode === files[0][1].inode || attempt === 5) return files;
    await closeAll(files);
  }
}

async function openAll(runFolder: string, name: string): Promise<OpenFiles> {
  const paths = await filesOfCheckpoint(runFolder, name);
  if (paths.length === 0) throw new AppError('artifact_not_found', 'There is no such checkpoint in this run.');
  const files: (readonly [string, RunFile])[] = [];
  try {
    for (const path of paths) files.push([path, await openRunFile(runFolder, path)]);
    return files;
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

async function closeAll(files: OpenFiles): Promise<void> {
  for (const [, { handle }] of files) await handle.close();
}

async function* piecesOf({ handle, bytes }: RunFile): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (let at = 0; at < bytes;) {
    const piece = new Uint8Array(Math.min(pieceBytes, bytes - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    // A checkpoint is never written to once it has its name.
    if (bytesRead === 0) throw new Error('A file of the checkpoint has become shorter.');
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
  }
}
