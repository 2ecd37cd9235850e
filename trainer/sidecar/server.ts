import type { IncomingMessage, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { serve } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { readTls } from '#access/tls-files.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import type { createApp } from './app.ts';
import { lingerOnClose } from '#trainer/linger.ts';
import { listenFailure } from '#trainer/listen-failure.ts';

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
      failed(listenFailure(error, { host: settings.host, port: settings.trainerPort, setting: 'TRAINER_PORT' }));
    });
  });
}

/** Ends all connections and resolves when the last is gone. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
