import { AppError } from '#core/error.ts';
import { requireUtf8 } from '#core/utf8.ts';

/**
 * The body of a request, whole. Counted while it comes, because its announced length may be missing or a lie.
 * @throws AppError too_large above `maxBytes`; the rest is then not read.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = () => new AppError('too_large', `Expected a body of at most ${maxBytes.toLocaleString('en')} bytes`);
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength;
    // Not cancelled: that would cut the connection before the answer is sent.
    if (size > maxBytes) throw tooLarge();
    chunks.push(next.value);
  }
  return Buffer.concat(chunks);
}

/** The same as text. @throws AppError too_large, invalid_notebook where it is not UTF-8 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  return requireUtf8(await readBytes(request, maxBytes));
}

/** The body as JSON, or null where it is none. @throws AppError too_large */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
