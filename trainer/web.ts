/**
 * The web app's server: judges where every request is sent before the built app sees it, requests for its own files
 * included, which Kit's server would answer under any Host. `node trainer/web.ts` serves `build/` on PORT; trainer/start.ts
 * starts it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { serverNames } from '#access/server-names.ts';
import { readTls } from '#access/tls-files.ts';
import { guardedRequest } from '#core/guard/raw-request.ts';
import { checkPlace } from '#core/guard/request.ts';
import { toProblem } from '#core/api/problem.ts';
import type { ErrorCode } from '#core/error.ts';
import { readSettings } from './settings/settings.ts';
import { endWith } from './exit-status.ts';
import { webEnvironment } from './settings/web-environment.ts';
import { lingerOnClose } from './linger.ts';
import { listenFailure } from './listen-failure.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

function prepare() {
  try {
    const settings = readSettings();
    // Before the app is loaded, which reads them.
    Object.assign(process.env, webEnvironment(settings));
    return { settings, tls: settings.tls === null ? null : readTls(settings.tls) };
  } catch (error) {
    return endWith(error, 'The page could not start');
  }
}

const { settings, tls } = prepare();
const { host, port, trainerPort, origins } = settings;
const serving = { host, ports: [port, trainerPort], tls: tls !== null, origins };

function answer(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  const body = JSON.stringify(toProblem(code, message, [], status));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // A refused body is not read to its end.
    connection: 'close',
  });
  response.end(body);
}

const { handler } = (await import(new URL('../build/handler.js', import.meta.url).href)) as { handler: Handler };

/** Who asks, and whether they may, is judged inside, where signing in is understood: the files of the build are no secret. */
function handle(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  // Redirects too: they come from addresses with a token in them.
  response.setHeader('referrer-policy', 'no-referrer');
  const verdict = checkPlace(guardedRequest(request), { own: serverNames(serving) });
  if (!verdict.ok) return answer(response, verdict.status, verdict.code, verdict.message);
  // Kit would paste it behind the Host.
  if (!request.url?.startsWith('/')) request.url = request.url?.replace(/^https?:\/\/[^/]*/i, '') || '/';
  return handler(request, response, () => answer(response, 404, 'path_not_found', 'There is nothing here.'));
}

const limits = { headersTimeout: 15_000, maxHeaderSize: 16_384 };
const server = tls === null ? createServer(limits, handle) : createTlsServer({ ...limits, ...tls }, handle);

lingerOnClose(server);
server.once('error', (error: NodeJS.ErrnoException) => {
  endWith(listenFailure(error, { host, port, setting: 'PORT' }), 'The page could not start');
});
server.listen(port, host);

function stop(): void {
  server.close(() => process.exit(0));
  // Streams would keep it open for ever.
  server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
