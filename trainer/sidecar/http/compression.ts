import type { MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { isCompressible } from '#core/api/compressible.ts';

const gzip = compress({ encoding: 'gzip', contentTypeFilter: isCompressible });

/** gzip for JSON and CSV that we make; never for the stream, or for files, whose bytes, ranges and tags are as on the disk. */
export const compressAnswers: MiddlewareHandler = async function compressAnswers(c, next) {
  if (/\/(stream|artifacts\/.+|bars\/[^/]+)$/.test(c.req.path)) return next();
  return gzip(c, next);
};
