import { realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { AppError } from '#core/error.ts';
import { openPlainFile } from '#disk/plain-file.ts';
import { etagOf } from './notebook-files.ts';

/** Largest picture that is shown: 20 MB. */
const maxBytes = 20_000_000;

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Names exactly these bytes. */
  readonly etag: string;
}

/**
 * A picture of the notebooks folder or of a folder in it, after links are followed.
 * @throws AppError artifact_not_found where there is none, it lies elsewhere or is of another kind; too_large
 */
export async function readPicture(folder: string, path: string): Promise<Picture> {
  const type = types[extname(path).toLowerCase()];
  const isHidden = path.split(/[\\/]/).some((part) => part.startsWith('.') || part === '');
  if (type === undefined || isHidden || path.includes('\0')) throw missing(path);
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]).catch(() => {
    throw missing(path);
  });
  if (!file.startsWith(root + sep)) throw missing(path);
  const handle = await openPlainFile(file).catch(() => {
    throw missing(path);
  });
  try {
    const { size } = await handle.stat();
    if (size > maxBytes)
      throw new AppError('too_large', `The picture ${path} has ${size} bytes; at most ${maxBytes} are shown.`);
    const bytes = new Uint8Array(await handle.readFile());
    return { bytes, type, etag: etagOf(bytes) };
  } finally {
    await handle.close();
  }
}

function missing(path: string): AppError {
  return new AppError('artifact_not_found', `There is no picture ${path.slice(0, 200)} in the notebooks folder.`);
}
