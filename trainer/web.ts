/**
 * The web app's server: judges every request before the built app sees it, requests for its own files included, which
 * Kit's server would answer under any Host. `node trainer/web.ts` serves `build/` on PORT; trainer/start.ts starts it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { ownHosts } from '#core/guard/own-hosts.ts';
import { guardedRequest } from '#core/guard/raw-request.ts';
import { checkRequest, type GuardRules, type Verdict } from '#core/guard/request.ts';
import { toProblem } from '#core/api/problem.ts';
import type { ErrorCode } from '#core/error.ts';
import { readSettings } from './settings/settings.ts';
import { lingerOnClose } from './linger.ts';
import { outliveTerminal } from './terminal.ts';

outliveTerminal();

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

const { host, port, trainerPort } = readSettings();

/** The token is asked for inside, where signing in is understood: the files of the build are no secret. */
const rules: GuardRules = {
  ports: [port, trainerPort],
  hosts: ownHosts(host, () => [
    hostname(),
    ...Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
  ]),
  // Which path takes which is judged inside.
  bodyTypes: ['application/json', 'text/markdown', 'application/octet-stream'],
};

function answer(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  const body = JSON.stringify(toProblem(code, message, [], status));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A refused body is not read to its end.
    connection: 'close',
  });
  response.end(body);
}

const { handler } = (await import(new URL('../build/handler.js', import.meta.url).href)) as { handler: Handler };

const server = createServer({ headersTimeout: 15_000, maxHeaderSize: 16_384 }, (request, response) => {
  const verdict: Verdict = checkRequest(guardedRequest(request), rules);
  if (!verdict.ok) return answer(response, verdict.status, verdict.code, verdict.message);
  // Kit would paste it behind the Host.
  if (!request.url?.startsWith('/')) request.url = request.url?.replace(/^https?:\/\/[^/]*/i, '') || '/';
  return handler(request, response, () => answer(response, 404, 'path_not_found', 'There is nothing here.'));
});

lingerOnClose(server);
server.once('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(
    `almanac: cannot listen on ${host}:${port} (${error.code ?? error.message}). Check HOST and PORT.\n`,
  );
  process.exit(1);
});
server.listen(port, host);

function stop(): void {
  server.close(() => process.exit(0));
  // Streams would keep it open for ever.
  server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
