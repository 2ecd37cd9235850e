import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { validator } from 'hono-openapi';
import { z } from 'zod';
import { closest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';

const maxBytes = 4 << 20;
const maxDepth = 64;
/** Values of all lists and maps together; the largest configuration has some thousands. */
const maxValues = 50_000;

/** Refuses a body over 4 MiB, whether its length is announced or not. */
export const limitBody: MiddlewareHandler = bodyLimit({
  maxSize: maxBytes,
  onError: () => {
    throw new AppError('too_large', 'The body of a request may have 4 MiB at most.');
  },
});

/**
 * Reads a JSON body before the validators do: an empty one is `{}`, one that is not JSON, or is nested deeper or has
 * more values than anything of ours, is refused with a sentence. Both are counted in the text beforehand: deep nesting
 * can end a parser, and many values make everything after it slow.
 */
export const readJson: MiddlewareHandler = async function readJson(c, next) {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const text = await c.req.text();
  let value: unknown = {};
  if (text.trim() !== '') {
    const { depth, values } = measure(text);
    if (depth > maxDepth) throw new AppError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`);
    if (values > maxValues) {
      throw new AppError('too_large', `The body has more than ${maxValues.toLocaleString('en-US')} values.`);
    }
    // Code that copies a map drops this key silently, so it is refused here by name.
    if (/"__proto__"\s*:/.test(text)) throw new AppError('invalid_request', 'The body has an unknown key "__proto__".');
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

/** Refuses a request without a body. A run of all defaults must be asked for, with `{}`. */
export const requireJson: MiddlewareHandler = async function requireJson(c, next) {
  if ((await c.req.text()).trim() !== '') return next();
  throw new AppError('invalid_request', 'The request has no body. Expected a JSON object; {} takes every default.');
};

/** How deep the text of some JSON is nested, and how many values its lists and maps have. */
function measure(text: string): { readonly depth: number; readonly values: number } {
  let values = 1;
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
    else if (code === 0x2c) values++;
  }
  return { depth: deepest, values };
}

/** A JSON body of this shape; what does not fit is refused naming each field. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return validator('json', schema, (result) => {
    if (!result.success) throw invalid('body', result.error, keysOf(schema));
  });
}

/** Query parameters of this shape. */
export function query<Schema extends z.ZodType>(schema: Schema) {
  const numbers = numericKeys(schema);
  return validator('query', schema, (result, c) => {
    if (!result.success) throw invalid('query', result.error, keysOf(schema));
    const empty = numbers.find((key) => c.req.query(key) === '');
    if (empty !== undefined)
      throw new AppError('invalid_request', `query: ${empty}: expected a number, received nothing`);
  });
}

/** Parameters that are numbers: an empty text would count as 0. */
function numericKeys(schema: z.ZodType): readonly string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([key, value]) =>
    typeof value === 'object' && (value.type === 'integer' || value.type === 'number') ? [key] : [],
  );
}

interface ValidatorIssue {
  readonly message: string;
  /** Zod's: the keys that the shape does not have. */
  readonly keys?: readonly string[];
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

function keysOf(schema: z.ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function invalid(where: string, found: readonly ValidatorIssue[], known: readonly string[]): AppError {
  const issues = found.map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    const unknown = path === '' ? issue.keys?.[0] : undefined;
    return unknown === undefined
      ? { path, message: issue.message }
      : { path: unknown, message: unknownKey(unknown, known) };
  });
  const first = issues[0];
  const place = first.path === '' ? where : `${where}: ${first.path}`;
  return new AppError('invalid_request', `${place}: ${first.message}`, { issues });
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return `unknown key; ${meant === undefined ? `expected some of ${known.join(', ')}` : `did you mean ${meant}?`}`;
}
