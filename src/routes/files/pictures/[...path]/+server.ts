import { readPicture } from '#lib/server/picture-files.ts';
import { answering } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

/** A picture beside the notebooks, for their prose. Opened by itself it may do nothing: an SVG could hold scripts. */
export const GET: RequestHandler = ({ params, request }) =>
  answering(async () => {
    const { bytes, type, etag } = await readPicture(notebookFolder(), params.path);
    const headers = { etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(bytes, {
      headers: { ...headers, 'content-type': type, 'content-security-policy': "sandbox; default-src 'none'" },
    });
  });
