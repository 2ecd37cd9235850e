import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { validator } from 'hono-openapi';
import type { z } from 'zod';
import { AppError } from '#core/error.ts';

const maxBytes = 4 << 20;
const maxDepth = 64;

/** Refuses a body over 4 MiB, whether its length is announced or not. */
export const limitBody: MiddlewareHandler = bodyLimit({
  maxSize: maxBytes,
  onError: () => {
    throw new AppError('too_large', 'The body of a request may have 4 MiB at most.');
  },
});

/**
 * Reads a JSON body before the validators do: an empty one is `{}`, one that is not JSON, or is nested deeper than
 * anything of ours, is refused with a sentence. The depth is counted in the text, for a parser may not survive it.
 */
export const readJson: MiddlewareHandler = async function readJson(c, next) {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const text = await c.req.text();
  let value: unknown = {};
  if (text.trim() !== '') {
    if (depthOf(text) > maxDepth) {
      throw new AppError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`);
    }
    try {
      value = JSON.parse(text);
    } catch {
      throw new AppError('invalid_request', 'The body is not JSON. Expected a JSON object.');
    }
  }
  // The validators ask the request for its JSON; this is where it keeps it.
  c.req.bodyCache.json = Promise.resolve(value);
  return next();
};

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}

/** A JSON body of this shape; what does not fit is refused naming each field. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return validator('json', schema, (result) => {
    if (!result.success) throw invalid('body', result.error);
  });
}

/** Query parameters of this shape. */
export function query<Schema extends z.ZodType>(schema: Schema) {
  return validator('query', schema, (result) => {
    if (!result.success) throw invalid('query', result.error);
  });
}

interface ValidatorIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

function invalid(where: string, found: readonly ValidatorIssue[]): AppError {
  const issues = found.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message: issue.message,
  }));
  const first = issues[0];
  const place = first.path === '' ? where : `${where}: ${first.path}`;
  return new AppError('invalid_request', `${place}: ${first.message}`, { issues });
}
