import { isCompressible } from '#core/api/compressible.ts';
import { readBytes } from './body.ts';
import { answering, errorResponse } from './respond.ts';

/** What the sidecar takes. */
const maxBytes = 4 << 20;

/** Headers that belong to one hop, or that this server must set itself. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
]);
/** fetch has already decoded the body, so its length and encoding no longer hold. */
const droppedBack = new Set([...dropped, 'content-encoding']);

/** Where the sidecar is called, and with what. */
interface Sidecar {
  /** `http://127.0.0.1:4318` */
  readonly url: string;
  readonly send: typeof fetch;
}

/**
 * Passes a request on to the sidecar and its answer back, which is streamed. The request's body is read first: one that
 * is refused halfway would break the connection to the sidecar before its refusal is read. The address is taken from the raw
 * path, because Kit decodes its parameters; a client that goes away ends the request to the sidecar too.
 */
export function forward(request: Request, path: string, { url, send }: Sidecar): Promise<Response> {
  return answering(async () => {
    const body = request.body ? await readBytes(request, maxBytes) : undefined;
    return pass(request, body, url + path, send);
  });
}

async function pass(
  request: Request,
  body: Buffer<ArrayBuffer> | undefined,
  url: string,
  send: typeof fetch,
): Promise<Response> {
  const headers = new Headers();
  for (const [name, value] of request.headers) if (!dropped.has(name)) headers.set(name, value);
  headers.set('accept-encoding', 'identity');
  let answer: Response;
  try {
    answer = await send(url, {
      method: request.method,
      headers,
      body,
      redirect: 'manual',
      signal: request.signal,
    });
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    return errorResponse('internal', unreachable(error, new URL(url).port), 503);
  }
  const back = new Headers();
  for (const [name, value] of answer.headers) if (!droppedBack.has(name)) back.append(name, value);
  const length = answer.headers.get('content-length');
  if (length && !answer.headers.has('content-encoding')) back.set('content-length', length);
  return packed(request, new Response(answer.body, { status: answer.status, headers: back }));
}

/** The answer as gzip, where the client takes that and the sidecar would have packed it (`compressAnswers` there). */
function packed(request: Request, answer: Response): Response {
  if (!answer.body || answer.status === 206 || request.method === 'HEAD') return answer;
  const isFile = /\/artifacts\/./.test(new URL(request.url).pathname);
  if (isFile || !isCompressible(answer.headers.get('content-type') ?? '')) return answer;
  const headers = new Headers(answer.headers);
  headers.append('vary', 'Accept-Encoding');
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/i.test(request.headers.get('accept-encoding') ?? '')) {
    return new Response(answer.body, { status: answer.status, headers });
  }
  headers.set('content-encoding', 'gzip');
  headers.delete('content-length');
  return new Response(answer.body.pipeThrough(new CompressionStream('gzip')), { status: answer.status, headers });
}

function unreachable(error: unknown, port: string): string {
  const cause =
    error instanceof Error && error.cause instanceof Error && 'code' in error.cause
      ? ` (${String(error.cause.code)})`
      : '';
  return `The trainer's server does not answer on port ${port}${cause}. Runs that train go on; restart Almanac with npm start to see them.`;
}
