import type { IncomingMessage, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { serve } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { readTls } from '#access/tls-files.ts';
import { AppError } from '#core/error.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import type { createApp } from './app.ts';
import { lingerOnClose } from '#trainer/linger.ts';

/**
 * The server of an app, listening.
 * @throws AppError invalid_request naming the setting where the port is taken; as readTls.
 */
export function listen(fetch: ReturnType<typeof createApp>['fetch'], settings: Settings): Promise<Server> {
  const tls = settings.tls === null ? null : readTls(settings.tls);
  return new Promise((done, failed) => {
    const limits = {
      requestTimeout: 60_000,
      headersTimeout: 15_000,
      maxHeaderSize: 16_384,
      // An upgrade to anything else would never be answered.
      shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
    };
    const server = serve(
      {
        fetch,
        hostname: settings.host,
        port: settings.trainerPort,
        // A small message is all that a client of the stream may send.
        websocket: { server: new WebSocketServer({ noServer: true, maxPayload: 4096 }) },
        ...(tls === null
          ? { serverOptions: limits }
          : { createServer: createTlsServer, serverOptions: { ...limits, ...tls } }),
      },
      () => done(server as Server),
    );
    lingerOnClose(server as Server);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message =
        error.code === 'EADDRINUSE'
          ? `Port ${settings.trainerPort} is in use, perhaps by another Almanac. Stop that one, or choose another port: ` +
            `TRAINER_PORT=${settings.trainerPort + (settings.trainerPort > 65_000 ? -100 : 100)}`
          : `Cannot listen on ${settings.host}:${settings.trainerPort} (${error.code ?? error.message}). Check HOST and TRAINER_PORT.`;
      failed(new AppError('invalid_request', message, { cause: error }));
    });
  });
}

/** Ends all connections and resolves when the last is gone. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
